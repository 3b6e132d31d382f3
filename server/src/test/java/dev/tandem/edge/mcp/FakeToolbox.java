package dev.tandem.edge.mcp;

import dev.tandem.conversation.Content;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolHints;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolSelection;
import dev.tandem.toolbox.CallOutcome;
import dev.tandem.toolbox.CallWatcher;
import dev.tandem.toolbox.Offer;
import dev.tandem.toolbox.OfferedTool;
import dev.tandem.toolbox.ToolRequest;
import dev.tandem.toolbox.Toolbox;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Tools that do what a test says. Remembers what it was asked, and how its calls were stopped.
final class FakeToolbox implements Toolbox {
    private static final String ANY = "{\"type\":\"object\"}";

    private final Map<String, Tool> tools = new LinkedHashMap<>();
    final BlockingQueue<ToolRequest> requests = new LinkedBlockingQueue<>();
    final BlockingQueue<String> stopped = new LinkedBlockingQueue<>();
    final CountDownLatch begun = new CountDownLatch(1);

    private record Tool(ToolDefinition definition, Work work) {}

    /// What a tool does.
    interface Work {
        ToolOutput run(ToolRequest request, CallWatcher watcher) throws InterruptedException;
    }

    FakeToolbox tool(String name, Work work) {
        return tool(name, ANY, work);
    }

    FakeToolbox tool(String name, String inputSchema, Work work) {
        ToolDefinition definition =
                new ToolDefinition(
                        "plain",
                        Optional.of("A title"),
                        Optional.of("Does " + name),
                        inputSchema,
                        Optional.empty(),
                        ToolHints.NONE,
                        "");
        tools.put(name, new Tool(definition, work));
        return this;
    }

    /// A tool that its server has described as MCP has it.
    FakeToolbox described(String name, String json) {
        ToolDefinition definition =
                new ToolDefinition(
                        "plain",
                        Optional.empty(),
                        Optional.empty(),
                        ANY,
                        Optional.empty(),
                        ToolHints.NONE,
                        json);
        tools.put(name, new Tool(definition, (_, _) -> ToolOutput.text("ok")));
        return this;
    }

    /// A tool that waits until it is stopped.
    FakeToolbox waiting(String name, Work before) {
        return tool(
                name,
                (request, watcher) -> {
                    ToolOutput _ = before.run(request, watcher);
                    begun.countDown();
                    Thread.sleep(Duration.ofMinutes(1));
                    return ToolOutput.text("nobody stopped it");
                });
    }

    /// The name of the tool whose call was stopped next.
    String awaitStopped() throws InterruptedException {
        String name = stopped.poll(10, TimeUnit.SECONDS);
        if (name == null) {
            throw new AssertionError("no call was stopped within 10 s");
        }
        return name;
    }

    void awaitBegun() throws InterruptedException {
        if (!begun.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("no call began within 10 s");
        }
    }

    /// An answer as it came from a server.
    static ToolOutput raw(String json) {
        return new ToolOutput(
                List.of(new Content.Text("not this")), Optional.empty(), false, Optional.of(json));
    }

    @Override
    public Offer offer(ToolScope scope, ToolSelection selection) {
        return new Offer(
                tools.entrySet().stream()
                        .map(
                                each ->
                                        new OfferedTool(
                                                each.getKey(),
                                                "s",
                                                "s",
                                                each.getValue().definition()))
                        .toList(),
                List.of());
    }

    @Override
    public CallOutcome call(ToolRequest request, CallWatcher watcher) throws InterruptedException {
        requests.add(request);
        Tool tool = tools.get(request.tool().name());
        if (tool == null) {
            throw new AssertionError("not offered: " + request.tool().name());
        }
        try {
            ToolOutput output = tool.work().run(request, watcher);
            return new CallOutcome(
                    output.failed() ? CallOutcome.Status.FAILED : CallOutcome.Status.SUCCEEDED,
                    output,
                    Duration.ZERO);
        } catch (InterruptedException stop) {
            stopped.add(request.tool().name());
            throw stop;
        }
    }
}
