package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolReply;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolSelection;
import dev.tandem.toolbox.CallOutcome;
import dev.tandem.toolbox.CallWatcher;
import dev.tandem.toolbox.Offer;
import dev.tandem.toolbox.OfferedTool;
import dev.tandem.toolbox.ToolRequest;
import dev.tandem.toolbox.Toolbox;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Does what the scripts of [ConformanceFixtures] say.
record ConformanceToolbox(ConformanceFixtures fixtures) implements Toolbox {

    @Override
    public Offer offer(ToolScope scope, ToolSelection selection) {
        String server = ConformanceFixtures.SERVER.id();
        return new Offer(
                fixtures.tools(scope, server).stream()
                        .map(tool -> new OfferedTool(tool.name(), server, server, tool))
                        .toList(),
                List.of());
    }

    @Override
    public CallOutcome call(ToolRequest request, CallWatcher watcher) throws InterruptedException {
        JsonNode script = fixtures.script(request.tool().name());
        script.path("logs")
                .forEach(text -> watcher.log("info", Optional.of("fixture"), text.toString()));
        script.path("progress")
                .forEach(
                        done ->
                                watcher.progress(
                                        new ToolProgress(
                                                done.asDouble(),
                                                OptionalDouble.of(100),
                                                Optional.empty())));
        StringBuilder said = new StringBuilder();
        for (JsonNode question : script.path("questions")) {
            said.append(ask(script, question, watcher)).append('\n');
        }
        ToolOutput output =
                script.has("result")
                        ? raw(script.path("result"))
                        : ToolOutput.text(said.toString());
        CallOutcome.Status status =
                output.failed() ? CallOutcome.Status.FAILED : CallOutcome.Status.SUCCEEDED;
        return new CallOutcome(status, output, Duration.ZERO);
    }

    private static String ask(JsonNode script, JsonNode question, CallWatcher watcher)
            throws InterruptedException {
        Optional<ToolReply> reply =
                watcher.answer(
                        ConformanceFixtures.name(question), ConformanceFixtures.question(question));
        if (reply.isEmpty() && script.has("needs")) {
            String capability = script.path("needs").asText();
            throw Failure.invalid(
                    "capabilities." + capability, "This tool needs " + capability + ".");
        }
        return reply.map(
                        told ->
                                "action=%s content=%s"
                                        .formatted(
                                                told.action(), told.contentJson().orElse("none")))
                .orElse("not asked");
    }

    private static ToolOutput raw(JsonNode result) {
        ObjectNode json = result.deepCopy();
        return new ToolOutput(
                List.of(),
                Optional.empty(),
                json.path("isError").asBoolean(),
                Optional.of(json.toString()));
    }
}
