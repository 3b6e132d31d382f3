package dev.tandem.storage.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.conversation.Usage;
import dev.tandem.run.RunEvent;
import dev.tandem.tool.ToolProgress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/// Events about this server's tools, which are rare and many-shaped, as JSON text.
final class ToolEventJson {
    private ToolEventJson() {}

    static String write(RunEvent.ServerCall call) {
        return node("call")
                .put("id", call.id())
                .put("name", call.name())
                .put("server", call.server())
                .put("tool", call.tool())
                .toString();
    }

    static String write(RunEvent.CallProgress news) {
        ToolProgress progress = news.progress();
        ObjectNode node = node("progress").put("id", news.id()).put("done", progress.done());
        progress.total().ifPresent(total -> node.put("total", total));
        progress.message().ifPresent(message -> node.put("message", message));
        return node.toString();
    }

    static String write(RunEvent.ToolResult result) {
        ObjectNode node =
                node("result")
                        .put("id", result.id())
                        .put("name", result.name())
                        .put("content", result.content())
                        .put("output", MessageJson.write(new Message(Role.TOOL, result.output())))
                        .put("failed", result.failed());
        result.took().ifPresent(took -> node.put("millis", took.toMillis()));
        return node.toString();
    }

    static String write(RunEvent.Warned warned) {
        return node("warned")
                .put("source", warned.source())
                .put("message", warned.message())
                .toString();
    }

    static String write(RunEvent.ApprovalAsked asked) {
        return node("asked").set("approval", ApprovalJson.write(asked.approval())).toString();
    }

    static String write(RunEvent.ApprovalDecided decided) {
        return node("decided").set("approval", ApprovalJson.write(decided.approval())).toString();
    }

    static String write(RunEvent.TurnStarted turn) {
        Usage usage = turn.usage();
        ObjectNode node = node("turn").put("step", turn.step());
        node.putArray("usage")
                .add(usage.inputTokens())
                .add(usage.cacheReadTokens())
                .add(usage.cacheWriteTokens())
                .add(usage.outputTokens())
                .add(usage.cacheWriteHourTokens())
                .add(usage.reasoningTokens());
        turn.original().ifPresent(original -> node.set("original", MessageJson.object(original)));
        return node.toString();
    }

    private static ObjectNode node(String kind) {
        return MessageJson.JSON.createObjectNode().put("kind", kind);
    }

    static RunEvent read(String text) {
        JsonNode node = MessageJson.tree(text);
        String kind = node.path("kind").asText();
        return switch (kind) {
            case "call" ->
                    new RunEvent.ServerCall(
                            node.path("id").asText(),
                            node.path("name").asText(),
                            node.path("server").asText(),
                            node.path("tool").asText());
            case "progress" -> new RunEvent.CallProgress(node.path("id").asText(), progress(node));
            case "result" -> result(node);
            case "warned" ->
                    new RunEvent.Warned(
                            node.path("source").asText(), node.path("message").asText());
            case "asked" -> new RunEvent.ApprovalAsked(ApprovalJson.read(node.path("approval")));
            case "decided" ->
                    new RunEvent.ApprovalDecided(ApprovalJson.read(node.path("approval")));
            case "turn" ->
                    new RunEvent.TurnStarted(
                            node.path("step").asInt(),
                            usage(node.path("usage")),
                            Optional.ofNullable(node.get("original")).map(MessageJson::original));
            default -> throw new IllegalStateException("a stored event has the kind " + kind);
        };
    }

    private static ToolProgress progress(JsonNode node) {
        JsonNode total = node.path("total");
        return new ToolProgress(
                node.path("done").asDouble(),
                total.isNumber() ? OptionalDouble.of(total.asDouble()) : OptionalDouble.empty(),
                Optional.ofNullable(node.path("message").textValue()));
    }

    private static RunEvent result(JsonNode node) {
        JsonNode millis = node.path("millis");
        return new RunEvent.ToolResult(
                node.path("id").asText(),
                node.path("name").asText(),
                node.path("content").asText(),
                MessageJson.read(Role.TOOL, node.path("output").asText()).content(),
                node.path("failed").asBoolean(),
                millis.isNumber()
                        ? Optional.of(Duration.ofMillis(millis.asLong()))
                        : Optional.empty());
    }

    private static Usage usage(JsonNode counts) {
        return new Usage(
                counts.path(0).asLong(),
                counts.path(1).asLong(),
                counts.path(2).asLong(),
                counts.path(3).asLong(),
                counts.path(4).asLong(),
                counts.path(5).asLong());
    }
}
