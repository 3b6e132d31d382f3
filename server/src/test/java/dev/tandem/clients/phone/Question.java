package dev.tandem.clients.phone;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;

/// What a phone asks, in the words of both wires.
///
/// @param sessionId empty for none
/// @param key the idempotency key, new for each question that a person asks
record Question(String model, String sessionId, String text, String key) {
    private static final JsonMapper JSON = new JsonMapper();

    String json() {
        ObjectNode body = JSON.createObjectNode();
        body.put("model", model).put("stream", true);
        if (!sessionId.isEmpty()) {
            body.put("session_id", sessionId);
        }
        body.putObject("stream_options").put("include_usage", true);
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        return body.toString();
    }

    ChatCompletionRequest message() {
        ChatCompletionRequest.Builder request =
                ChatCompletionRequest.newBuilder()
                        .setModel(model)
                        .setIdempotencyKey(key)
                        .addMessages(ChatMessage.newBuilder().setRole("user").setContent(text));
        if (!sessionId.isEmpty()) {
            request.setSessionId(sessionId);
        }
        return request.build();
    }
}
