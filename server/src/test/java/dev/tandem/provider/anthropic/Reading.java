package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.conversation.FinishReason;
import dev.tandem.conversation.Usage;
import dev.tandem.testing.Recording.Recorded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What a recorded answer says, folded the plain way: whole trees, no streaming.
public record Reading(ArrayNode content, JsonNode end, Usage usage) {
    private static final JsonMapper JSON = new JsonMapper();

    public static Reading of(List<Recorded> exchanges) throws IOException {
        ArrayNode content = JSON.createArrayNode();
        Usage usage = Usage.NONE;
        ObjectNode message = JSON.createObjectNode();
        for (Recorded exchange : exchanges) {
            message =
                    exchange.isStream()
                            ? fold(exchange.body())
                            : (ObjectNode) JSON.readTree(exchange.body());
            message.path("content").forEach(content::add);
            usage = usage.plus(usage(message.path("usage")));
        }
        return new Reading(content, message, usage);
    }

    public static String failureOf(Recorded recorded) throws IOException {
        String message = JSON.readTree(recorded.body()).path("error").path("message").asText();
        return switch (recorded.status()) {
            case 400 -> "invalid_request: " + message;
            case 404 -> "not_found: " + message;
            case 401 ->
                    "upstream_error: anthropic refused this server's key; its operator must mend it";
            default -> throw new IllegalArgumentException("status " + recorded.status());
        };
    }

    public String text() {
        return join("text", "text");
    }

    public String reasoning() {
        return join("thinking", "thinking");
    }

    public List<String> toolCalls() {
        return blocks().filter(block -> block.path("type").asText().equals("tool_use"))
                .map(Reading::call)
                .toList();
    }

    public List<String> providerTools() {
        Map<String, String> names = new HashMap<>();
        List<String> tools = new ArrayList<>();
        blocks().forEach(
                        block -> {
                            String type = block.path("type").asText();
                            if (type.equals("server_tool_use") || type.equals("mcp_tool_use")) {
                                names.put(block.path("id").asText(), block.path("name").asText());
                                tools.add(call(block));
                            } else if (type.endsWith("_tool_result")) {
                                String id = block.path("tool_use_id").asText();
                                tools.add(
                                        id
                                                + " "
                                                + names.getOrDefault(id, "")
                                                + " "
                                                + block.path("is_error").asBoolean());
                            }
                        });
        return tools;
    }

    public FinishReason reason() {
        return switch (end.path("stop_reason").asText()) {
            case "end_turn", "stop_sequence" -> FinishReason.STOP;
            case "max_tokens" -> FinishReason.LENGTH;
            case "tool_use" -> FinishReason.TOOL_CALLS;
            case "refusal" -> FinishReason.CONTENT_FILTER;
            default -> throw new IllegalArgumentException(end.toString());
        };
    }

    public Optional<String> stopSequence() {
        return Optional.ofNullable(end.path("stop_sequence").asText(null));
    }

    public Optional<String> refusal() {
        return Optional.ofNullable(end.path("stop_details").path("explanation").asText(null));
    }

    private static ObjectNode fold(String body) throws IOException {
        ObjectNode message = JSON.createObjectNode();
        Map<Integer, StringBuilder> inputs = new HashMap<>();
        for (String line : body.lines().toList()) {
            if (!line.startsWith("data:") || line.contains("[DONE]")) {
                continue;
            }
            JsonNode event = JSON.readTree(line.substring(5));
            int index = event.path("index").asInt();
            switch (event.path("type").asText()) {
                case "message_start" -> message = (ObjectNode) event.path("message");
                case "content_block_start" ->
                        ((ArrayNode) message.path("content")).add(event.path("content_block"));
                case "content_block_delta" ->
                        add(
                                event.path("delta"),
                                (ObjectNode) message.path("content").path(index),
                                inputs.computeIfAbsent(index, _ -> new StringBuilder()));
                case "content_block_stop" -> {
                    if (inputs.containsKey(index) && !inputs.get(index).isEmpty()) {
                        ((ObjectNode) message.path("content").path(index))
                                .set("input", JSON.readTree(inputs.get(index).toString()));
                    }
                }
                case "message_delta" -> {
                    message.setAll((ObjectNode) event.path("delta"));
                    ((ObjectNode) message.path("usage")).setAll((ObjectNode) event.path("usage"));
                }
                default -> {
                    // ping, message_stop
                }
            }
        }
        return message;
    }

    private static void add(JsonNode delta, ObjectNode block, StringBuilder input) {
        switch (delta.path("type").asText()) {
            case "text_delta" ->
                    block.put("text", block.path("text").asText() + delta.path("text").asText());
            case "thinking_delta" ->
                    block.put(
                            "thinking",
                            block.path("thinking").asText() + delta.path("thinking").asText());
            case "signature_delta" -> block.set("signature", delta.path("signature"));
            case "input_json_delta" -> input.append(delta.path("partial_json").asText());
            case "citations_delta" -> {
                ArrayNode citations =
                        block.path("citations").isArray()
                                ? (ArrayNode) block.path("citations")
                                : block.putArray("citations");
                citations.add(delta.path("citation"));
            }
            default -> throw new IllegalArgumentException(delta.toString());
        }
    }

    private static Usage usage(JsonNode usage) {
        return new Usage(
                usage.path("input_tokens").asLong(),
                usage.path("cache_read_input_tokens").asLong(),
                usage.path("cache_creation_input_tokens").asLong(),
                usage.path("output_tokens").asLong(),
                usage.path("cache_creation").path("ephemeral_1h_input_tokens").asLong(),
                usage.path("output_tokens_details").path("thinking_tokens").asLong());
    }

    private String join(String type, String field) {
        return blocks().filter(block -> block.path("type").asText().equals(type))
                .map(block -> block.path(field).asText())
                .collect(Collectors.joining());
    }

    private Stream<JsonNode> blocks() {
        return StreamSupport.stream(content.spliterator(), false);
    }

    private static String call(JsonNode block) {
        return block.path("id").asText()
                + " "
                + block.path("name").asText()
                + " "
                + block.path("input");
    }
}
