package dev.tandem.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.mcp.McpHost.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ListChangesTest {
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final List<Kind> told = new ArrayList<>();
    private final ListChanges changes = new ListChanges(later::add, told::add);

    /// Lets the short while pass.
    private void pass() {
        List<Runnable> due = List.copyOf(later);
        later.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void areToldOnceItIsQuiet() {
        for (int i = 0; i < 100; i++) {
            changes.changed(Kind.TOOLS);
        }
        changes.changed(Kind.PROMPTS);

        assertEquals(List.of(), told);
        pass();
        pass();
        assertEquals(List.of(Kind.PROMPTS, Kind.TOOLS), told);
        assertTrue(later.isEmpty());
        changes.changed(Kind.TOOLS);
        pass();
        assertEquals(List.of(Kind.PROMPTS, Kind.TOOLS, Kind.TOOLS), told);
    }

    @Test
    void areToldAtLastWhereItNeverBecomesQuiet() {
        for (int i = 0; i < 10; i++) {
            changes.changed(Kind.TOOLS);
            changes.changed(Kind.TOOLS);
            pass();
        }

        assertEquals(List.of(Kind.TOOLS, Kind.TOOLS), told);
    }

    @Test
    void ofFiveBurstsAreToldAtMostTwice() throws Exception {
        FakeHost host = new FakeHost();
        FakeServer server = FakeServer.greeted("2025-11-25");
        try (McpConnection _ = server.connect(host)) {
            for (int burst = 0; burst < 5; burst++) {
                for (int i = 0; i < 20; i++) {
                    server.notice("notifications/tools/list_changed", "{}");
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
            Kind first = host.changes.take();
            server.notice("notifications/prompts/list_changed", "{}");

            List<Kind> heard = new ArrayList<>(List.of(first));
            while (!heard.contains(Kind.PROMPTS)) {
                heard.add(host.changes.take());
            }
            assertEquals(Kind.TOOLS, first);
            assertTrue(heard.size() <= 3, heard::toString);
        }
    }
}
