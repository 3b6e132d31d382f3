package dev.tandem.launch;

import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolSelection;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolSource;
import dev.tandem.tool.ToolWatcher;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureKind;
import dev.tandem.toolbox.CallOutcome;
import dev.tandem.toolbox.CallWatcher;
import dev.tandem.toolbox.Offer;
import dev.tandem.toolbox.OfferedTool;
import dev.tandem.toolbox.ToolRequest;
import dev.tandem.toolbox.Toolbox;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Calls tools as they are asked for, and judges nothing.
record DirectToolbox(ToolSource source, InstantSource clock) implements Toolbox {
    @Override
    public Offer offer(ToolScope scope, ToolSelection selection) throws InterruptedException {
        List<OfferedTool> tools = new ArrayList<>();
        List<Offer.Warning> warnings = new ArrayList<>();
        for (ToolServer server : source.servers(scope)) {
            try {
                for (ToolDefinition tool : source.tools(scope, server.id())) {
                    tools.add(
                            new OfferedTool(
                                    server.name() + "__" + tool.name(),
                                    server.id(),
                                    server.name(),
                                    tool));
                }
            } catch (Failure notUp) {
                warnings.add(new Offer.Warning(server.id(), notUp.text()));
            }
        }
        return new Offer(tools, warnings);
    }

    @Override
    public CallOutcome call(ToolRequest request, CallWatcher watcher) throws InterruptedException {
        Instant began = clock.instant();
        try {
            ToolOutput output =
                    source.call(
                            request.scope(),
                            request.tool().serverId(),
                            request.tool().definition().name(),
                            request.argumentsJson(),
                            new Passing(watcher));
            CallOutcome.Status status =
                    output.failed() ? CallOutcome.Status.FAILED : CallOutcome.Status.SUCCEEDED;
            return new CallOutcome(status, output, Duration.between(began, clock.instant()));
        } catch (Failure failure) {
            CallOutcome.Status status =
                    failure.code().kind() == FailureKind.UPSTREAM
                            ? CallOutcome.Status.UNAVAILABLE
                            : CallOutcome.Status.FAILED;
            return new CallOutcome(
                    status,
                    ToolOutput.failure(failure.text()),
                    Duration.between(began, clock.instant()));
        }
    }

    private record Passing(CallWatcher watcher) implements ToolWatcher {
        @Override
        public void progress(ToolProgress news) {
            watcher.progress(news);
        }

        @Override
        public ToolReply ask(ToolQuestion question) throws InterruptedException {
            return watcher.answer(question).orElse(ToolReply.DECLINED);
        }
    }
}
