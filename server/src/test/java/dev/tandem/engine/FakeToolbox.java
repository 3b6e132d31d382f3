package dev.tandem.engine;

import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolHints;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolPrecedence;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolSelection;
import dev.tandem.tool.ToolSelections;
import dev.tandem.toolbox.CallOutcome;
import dev.tandem.toolbox.CallWatcher;
import dev.tandem.toolbox.Offer;
import dev.tandem.toolbox.OfferedTool;
import dev.tandem.toolbox.ToolRequest;
import dev.tandem.toolbox.Toolbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Tools that do what a test says.
final class FakeToolbox implements Toolbox {
    /// What a tool does.
    interface Deed {
        ToolOutput call(ToolRequest request, CallWatcher watcher) throws InterruptedException;
    }

    final BlockingQueue<ToolRequest> called = new LinkedBlockingQueue<>();
    final BlockingQueue<ToolRequest> stopped = new LinkedBlockingQueue<>();
    final List<Offer.Warning> warnings = new ArrayList<>();
    private final Map<String, Deed> deeds = new HashMap<>();
    private final List<OfferedTool> tools = new ArrayList<>();

    FakeToolbox with(String name, Deed deed) {
        ToolDefinition definition =
                new ToolDefinition(
                        name,
                        Optional.empty(),
                        Optional.of("does " + name),
                        "{\"type\":\"object\"}",
                        Optional.empty(),
                        ToolHints.NONE,
                        "{}");
        tools.add(new OfferedTool("fake__" + name, "fake", "fake", definition));
        deeds.put(name, deed);
        return this;
    }

    ServerTools tools(LoopSettings settings) {
        return new ServerTools(
                this, new ToolPrecedence(new NoSelections(), ToolSelection.INHERIT), settings);
    }

    @Override
    public Offer offer(ToolScope scope, ToolSelection selection) {
        return new Offer(tools, warnings);
    }

    @Override
    public CallOutcome call(ToolRequest request, CallWatcher watcher) throws InterruptedException {
        called.add(request);
        try {
            Deed deed = Objects.requireNonNull(deeds.get(request.tool().definition().name()));
            ToolOutput output = deed.call(request, watcher);
            return new CallOutcome(
                    output.failed() ? CallOutcome.Status.FAILED : CallOutcome.Status.SUCCEEDED,
                    output,
                    Duration.ofMillis(7));
        } catch (InterruptedException stop) {
            stopped.add(request);
            throw stop;
        }
    }

    private static final class NoSelections implements ToolSelections {
        @Override
        public ToolSelection find(String tenant, String owner) {
            return ToolSelection.INHERIT;
        }

        @Override
        public void save(String tenant, String owner, ToolSelection selection) {
            throw new UnsupportedOperationException("nothing is kept");
        }
    }
}
