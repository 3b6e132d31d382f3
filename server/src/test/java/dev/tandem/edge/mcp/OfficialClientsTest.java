package dev.tandem.edge.mcp;

import dev.tandem.clients.ClientScript;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolSelection;
import dev.tandem.toolbox.CallOutcome;
import dev.tandem.toolbox.CallWatcher;
import dev.tandem.toolbox.Offer;
import dev.tandem.toolbox.OfferedTool;
import dev.tandem.toolbox.ToolRequest;
import dev.tandem.toolbox.Toolbox;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The official clients for JavaScript: of the versions with sessions, and of the one without.
final class OfficialClientsTest {

    @TestFactory
    Stream<DynamicTest> clients() throws Exception {
        ConformanceFixtures fixtures = new ConformanceFixtures();
        FakeToolbox stoppable = new FakeToolbox();
        stoppable.waiting("waits", OfficialClientsTest::tellsOfItself);
        stoppable.tool("stopped", (_, _) -> ToolOutput.text(stoppable.awaitStopped()));
        Both tools = new Both(new ConformanceToolbox(fixtures), stoppable);
        try (McpServer server = new McpServer(tools, fixtures)) {
            return ClientScript.node("mcp-clients", 22).cases(server.uri().toString());
        }
    }

    private static ToolOutput tellsOfItself(ToolRequest request, CallWatcher watcher) {
        watcher.progress(new ToolProgress(1, OptionalDouble.empty(), Optional.empty()));
        return ToolOutput.text("");
    }

    /// The tools of two boxes.
    private record Both(Toolbox one, Toolbox other) implements Toolbox {
        @Override
        public Offer offer(ToolScope scope, ToolSelection selection) throws InterruptedException {
            return new Offer(
                    Stream.concat(
                                    one.offer(scope, selection).tools().stream(),
                                    other.offer(scope, selection).tools().stream())
                            .toList(),
                    one.offer(scope, selection).warnings());
        }

        @Override
        public CallOutcome call(ToolRequest request, CallWatcher watcher)
                throws InterruptedException {
            Optional<OfferedTool> ours =
                    one.offer(request.scope(), ToolSelection.INHERIT).find(request.tool().name());
            return (ours.isPresent() ? one : other).call(request, watcher);
        }
    }
}
