package dev.tandem.storage.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.approval.Approval.Decision;
import dev.tandem.approval.Approval.Remember;
import dev.tandem.approval.Approval.Request;
import dev.tandem.approval.Approval.State;
import dev.tandem.approval.Approval;
import java.time.Instant;
import java.util.Optional;

/// An approval as JSON, as it stood when an event told of it.
final class ApprovalJson {
    private ApprovalJson() {}

    static ObjectNode write(Approval approval) {
        ObjectNode node =
                MessageJson.JSON
                        .createObjectNode()
                        .put("id", approval.id())
                        .put("tenant", approval.tenant())
                        .put("key", approval.keyName())
                        .put("server", approval.server())
                        .put("tool", approval.tool())
                        .put("arguments", approval.argumentsJson())
                        .put("created", approval.createdAt().toEpochMilli())
                        .put("expires", approval.expiresAt().toEpochMilli());
        approval.projectId().ifPresent(id -> node.put("project", id));
        approval.sessionId().ifPresent(id -> node.put("session", id));
        approval.runId().ifPresent(id -> node.put("run", id));
        approval.callId().ifPresent(id -> node.put("call", id));
        node.set("request", request(approval.request()));
        approval.decision().ifPresent(decision -> node.set("decision", decision(decision)));
        return node;
    }

    private static ObjectNode request(Request request) {
        ObjectNode node = MessageJson.JSON.createObjectNode();
        return switch (request) {
            case Request.Call(String reason) -> node.put("kind", "call").put("text", reason);
            case Request.Form(String message, String schema) ->
                    node.put("kind", "form").put("text", message).put("more", schema);
            case Request.Page(String message, String url) ->
                    node.put("kind", "page").put("text", message).put("more", url);
            case Request.Sampling(String message, String params) ->
                    node.put("kind", "sampling").put("text", message).put("more", params);
        };
    }

    private static ObjectNode decision(Decision decision) {
        ObjectNode node =
                MessageJson.JSON
                        .createObjectNode()
                        .put("state", decision.state().name())
                        .put("remember", decision.remember().name())
                        .put("at", decision.at().toEpochMilli());
        decision.by().ifPresent(by -> node.put("by", by));
        decision.contentJson().ifPresent(content -> node.put("content", content));
        decision.note().ifPresent(note -> node.put("note", note));
        return node;
    }

    static Approval read(JsonNode node) {
        return new Approval(
                node.path("id").asText(),
                node.path("tenant").asText(),
                node.path("key").asText(),
                text(node, "project"),
                text(node, "session"),
                text(node, "run"),
                text(node, "call"),
                node.path("server").asText(),
                node.path("tool").asText(),
                node.path("arguments").asText(),
                readRequest(node.path("request")),
                Instant.ofEpochMilli(node.path("created").asLong()),
                Instant.ofEpochMilli(node.path("expires").asLong()),
                Optional.ofNullable(node.get("decision")).map(ApprovalJson::readDecision));
    }

    private static Request readRequest(JsonNode node) {
        String text = node.path("text").asText();
        String more = node.path("more").asText();
        String kind = node.path("kind").asText();
        return switch (kind) {
            case "call" -> new Request.Call(text);
            case "form" -> new Request.Form(text, more);
            case "page" -> new Request.Page(text, more);
            case "sampling" -> new Request.Sampling(text, more);
            default -> throw new IllegalStateException("a stored approval asks for " + kind);
        };
    }

    private static Decision readDecision(JsonNode node) {
        return new Decision(
                State.valueOf(node.path("state").asText()),
                text(node, "by"),
                Remember.valueOf(node.path("remember").asText()),
                text(node, "content"),
                text(node, "note"),
                Instant.ofEpochMilli(node.path("at").asLong()));
    }

    private static Optional<String> text(JsonNode node, String name) {
        return Optional.ofNullable(node.path(name).textValue());
    }
}
