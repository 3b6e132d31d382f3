package dev.tandem.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.mcp.McpHost.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class FreshListsTest {
    private static final List<JsonNode> ITEMS = List.of(RpcMessages.object());

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final FreshLists lists = new FreshLists(nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void areKeptAsLongAsTheServerSays() {
        lists.keep("tools/list", Kind.TOOLS, ITEMS, 1000, 0);

        pass(Duration.ofMillis(999));
        assertEquals(Optional.of(ITEMS), lists.find("tools/list"));
        pass(Duration.ofMillis(1));
        assertEquals(Optional.empty(), lists.find("tools/list"));
    }

    @Test
    void areKeptForADayAtMost() {
        lists.keep("tools/list", Kind.TOOLS, ITEMS, Long.MAX_VALUE, 0);

        pass(Duration.ofHours(23));
        assertEquals(Optional.of(ITEMS), lists.find("tools/list"));
        pass(Duration.ofHours(1));
        assertEquals(Optional.empty(), lists.find("tools/list"));
    }

    @Test
    void areNotKeptWhereTheServerDoesNotSay() {
        lists.keep("tools/list", Kind.TOOLS, ITEMS, 0, 0);
        lists.keep("prompts/list", Kind.PROMPTS, ITEMS, -5, 0);

        assertEquals(Optional.empty(), lists.find("tools/list"));
        assertEquals(Optional.empty(), lists.find("prompts/list"));
    }

    @Test
    void areOldWhenTheyChange() {
        lists.keep("resources/list", Kind.RESOURCES, ITEMS, 1000, 0);
        lists.keep("resources/templates/list", Kind.RESOURCES, ITEMS, 1000, 0);
        lists.keep("tools/list", Kind.TOOLS, ITEMS, 1000, 0);

        lists.stale(Kind.RESOURCES);

        assertEquals(Optional.empty(), lists.find("resources/list"));
        assertEquals(Optional.empty(), lists.find("resources/templates/list"));
        assertEquals(Optional.of(ITEMS), lists.find("tools/list"));
    }

    @Test
    void areNotKeptWhereTheyChangedWhileTheyWereRead() {
        long seen = lists.changes(Kind.TOOLS);
        lists.stale(Kind.TOOLS);

        lists.keep("tools/list", Kind.TOOLS, ITEMS, 1000, seen);

        assertEquals(Optional.empty(), lists.find("tools/list"));
    }
}
