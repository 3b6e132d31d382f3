package dev.tandem.edge.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.edge.mcp.ReplyStream.Beginning;
import dev.tandem.edge.mcp.ReplyStream.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is kept of a stream, and who reads it.
final class ReplyStreamTest {
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final ObjectNode NEWS =
            ServerMessages.notice("notifications/message", Json.object());
    private static final ObjectNode QUESTION =
            ServerMessages.request("q", "elicitation/create", Json.object());
    private static final ObjectNode ANSWER =
            ServerMessages.result(IntNode.valueOf(1), Json.object());

    private static List<Long> numbers(ReplyStream stream) throws InterruptedException {
        int reader = stream.enter();
        List<Long> numbers = new ArrayList<>();
        long after = 0;
        for (Optional<Item> next = stream.next(reader, after, AT_ONCE);
                next.isPresent();
                next = stream.next(reader, after, AT_ONCE)) {
            after = next.get().number();
            numbers.add(after);
        }
        return numbers;
    }

    @Test
    void forgetsTheOldestNewsThatNobodyTakesButNoQuestionAndNoAnswer() throws Exception {
        ReplyStream stream = new ReplyStream("s1", 1, true, 3 * Json.text(NEWS).length());
        stream.ask(QUESTION);
        for (int i = 0; i < 100; i++) {
            stream.send(NEWS);
        }
        stream.answer(ANSWER, 200);

        List<Long> kept = numbers(stream);

        assertEquals(1, kept.getFirst());
        assertEquals(102, kept.getLast());
        assertTrue(kept.size() <= 4, kept::toString);
        assertTrue(kept.contains(101L), kept::toString);
    }

    @Test
    void keepsWhatWasReadForAClientThatComesBack() throws Exception {
        ReplyStream kept = new ReplyStream("s1", 1, true, 1_000);
        ReplyStream notKept = new ReplyStream("s2", 1, false, 1_000);
        for (ReplyStream stream : List.of(kept, notKept)) {
            stream.send(NEWS);
            stream.send(NEWS);
            assertEquals(List.of(1L, 2L), numbers(stream));
        }

        assertEquals(List.of(1L, 2L), numbers(kept));
        assertEquals(List.of(), numbers(notKept));
    }

    @Test
    void aReaderGivesWayToTheNext() throws Exception {
        ReplyStream stream = new ReplyStream("s1", 1, true, 1_000);
        int first = stream.enter();
        stream.send(NEWS);
        int second = stream.enter();

        assertTrue(stream.isOver(first, 0));
        assertTrue(stream.isTaken(first, AT_ONCE));
        assertTrue(stream.next(first, 0, Duration.ofMinutes(1)).isEmpty());
        assertFalse(stream.isOver(second, 0));
        assertTrue(stream.next(second, 0, AT_ONCE).isPresent());
    }

    @Test
    void tellsWhatItIs() throws Exception {
        ReplyStream whole = new ReplyStream("s1", 1, true, 1_000);
        ReplyStream speaks = new ReplyStream("s2", 1, true, 1_000);
        ReplyStream cancelled = new ReplyStream("s3", 2, true, 1_000);
        assertEquals(Beginning.SILENT, whole.begins(AT_ONCE));
        whole.answer(ANSWER, 200);
        speaks.send(NEWS);
        cancelled.answer(ANSWER, 200);
        cancelled.giveUp();

        assertEquals(Beginning.WHOLE, whole.begins(Duration.ofMinutes(1)));
        assertEquals(Beginning.SPEAKS, speaks.begins(Duration.ofMinutes(1)));
        assertTrue(cancelled.isOver());
    }

    @Test
    void takesNothingOnceItIsOver() throws Exception {
        ReplyStream stream = new ReplyStream("s1", 1, true, 1_000);
        stream.end();
        stream.send(NEWS);
        stream.answer(ANSWER, 200);

        assertEquals(List.of(), numbers(stream));
    }
}
