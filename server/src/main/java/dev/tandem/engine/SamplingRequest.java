package dev.tandem.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.conversation.AnswerFormat;
import dev.tandem.conversation.Content;
import dev.tandem.conversation.FinishReason;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.failure.Failure;
import dev.tandem.provider.ModelRequest.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a server of tools asks a model, from MCP's `sampling/createMessage` (specification
/// 2025-11-25), and the answer to it. Pure.
///
/// @param hints names or parts of names of models, the best first
record SamplingRequest(
        List<Message> messages,
        Optional<String> systemPrompt,
        Optional<Long> maxTokens,
        Options options,
        List<String> hints) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// @throws Failure INVALID_REQUEST where the parameters cannot be read
    static SamplingRequest read(String paramsJson) {
        JsonNode params;
        try {
            params = JSON.readTree(paramsJson);
        } catch (JsonProcessingException malformed) {
            throw Failure.invalid("params", "The server's question is no JSON.");
        }
        List<Message> messages = new ArrayList<>();
        params.path("messages").forEach(message -> messages.add(message(message)));
        List<String> hints = new ArrayList<>();
        params.path("modelPreferences")
                .path("hints")
                .forEach(hint -> hints.add(hint.path("name").asText()));
        JsonNode maxTokens = params.path("maxTokens");
        return new SamplingRequest(
                messages,
                Optional.ofNullable(params.path("systemPrompt").textValue()),
                maxTokens.canConvertToLong() && maxTokens.asLong() > 0
                        ? Optional.of(maxTokens.asLong())
                        : Optional.empty(),
                options(params),
                hints);
    }

    private static Options options(JsonNode params) {
        JsonNode temperature = params.path("temperature");
        List<String> stop = new ArrayList<>();
        params.path("stopSequences").forEach(text -> stop.add(text.asText()));
        return new Options(
                Optional.empty(),
                temperature.isNumber() ? Optional.of(temperature.asDouble()) : Optional.empty(),
                Optional.empty(),
                stop,
                new AnswerFormat.Text(),
                Optional.empty(),
                Map.of(),
                Map.of());
    }

    private static Message message(JsonNode message) {
        Role role = message.path("role").asText().equals("assistant") ? Role.ASSISTANT : Role.USER;
        List<Content> content = new ArrayList<>();
        JsonNode said = message.path("content");
        if (said.isArray()) {
            said.forEach(piece -> content.add(content(piece)));
        } else {
            content.add(content(said));
        }
        return new Message(role, content);
    }

    private static Content content(JsonNode piece) {
        return switch (piece.path("type").asText()) {
            case "text" -> new Content.Text(piece.path("text").asText());
            case "image" ->
                    new Content.Image(
                            new Content.Source.Inline(
                                    piece.path("mimeType").asText(), piece.path("data").asText()),
                            Optional.empty());
            case String type ->
                    throw Failure.invalid(
                            "params",
                            "The server's question holds content of the type '"
                                    + type
                                    + "', which cannot be asked.");
        };
    }

    /// MCP's `CreateMessageResult`.
    static String answer(String text, String model, FinishReason reason) {
        ObjectNode answer = JSON.createObjectNode().put("role", "assistant").put("model", model);
        answer.putObject("content").put("type", "text").put("text", text);
        answer.put("stopReason", reason == FinishReason.LENGTH ? "maxTokens" : "endTurn");
        return answer.toString();
    }
}
