package dev.tandem.clients.phone;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;

/// What a phone asks, in the words of both wires.
///
/// @param key the idempotency key, new for each question that a person asks
record Question(String model, String sessionId, String text, String key) {
    private static final JsonMapper JSON = new JsonMapper();

    String json() {
        ObjectNode body = JSON.createObjectNode();
        body.put("model", model).put("session_id", sessionId).put("stream", true);
        body.putObject("stream_options").put("include_usage", true);
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        return body.toString();
    }

    ChatCompletionRequest message() {
        return ChatCompletionRequest.newBuilder()
                .setModel(model)
                .setSessionId(sessionId)
                .setIdempotencyKey(key)
                .addMessages(ChatMessage.newBuilder().setRole("user").setContent(text))
                .build();
    }
}
