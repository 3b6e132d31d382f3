package dev.tandem.provider.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SseReaderTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1024})
    void readsTheSameEventsHoweverTheBytesAreCut(int piece) throws Exception {
        String stream =
                "\uFEFF: hello\n\nevent: a\ndata: one\n\nid: 7\ndata:two\ndata:  three\n\n"
                        + "retry: 5\n\n: ping\ndata: grüße 東京\r\n\r\ndata\n\ndata: x\rdata: y\r\r"
                        + "database: no\n\ndata: last\n\n";

        assertEquals(
                List.of("one", "two\n three", "grüße 東京", "", "x\ny", "last"),
                events(stream, piece, 1024));
    }

    @Test
    void dropsAnEventThatTheEndCutsOff() throws Exception {
        assertEquals(List.of("one"), events("data: one\n\ndata: two\n", 1024, 1024));
        assertEquals(List.of(), events("", 1024, 1024));
    }

    @Test
    void readsEventsLargerThanItsBuffer() throws Exception {
        String large = "z".repeat(100_000);

        assertEquals(
                List.of("a", large, "b", large),
                events(
                        "data: a\n\ndata: " + large + "\n\ndata: b\n\ndata: " + large + "\n\n",
                        333,
                        1 << 20));
    }

    @Test
    void refusesAnEventLargerThanItsLimit() {
        Failure failure =
                assertThrows(
                        Failure.class,
                        () -> events("data: " + "z".repeat(2000) + "\n\n", 64, 1024));

        assertEquals(FailureCode.UPSTREAM_ERROR, failure.code());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1024})
    void tellsWhatIsNoDataToWhoeverWantsIt(int piece) throws Exception {
        List<String> lines = new ArrayList<>();
        SseFields fields =
                (buffer, start, end) ->
                        lines.add(new String(buffer, start, end - start, StandardCharsets.UTF_8));

        List<String> events =
                events(
                        "id: 1\nretry: 5\n\nevent: a\ndata: one\nid: 2\n\n: ping\ndata: two\n\n",
                        piece,
                        1024,
                        fields);

        assertEquals(List.of("one", "two"), events);
        assertEquals(List.of("id: 1", "retry: 5", "", "event: a", "id: 2", ": ping"), lines);
    }

    private static List<String> events(String stream, int piece, int max) throws Exception {
        return events(stream, piece, max, (_, _, _) -> {});
    }

    private static List<String> events(String stream, int piece, int max, SseFields fields)
            throws Exception {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        int[] at = {0};
        SseReader reader =
                new SseReader(
                        (into, offset, length) -> {
                            int size = Math.min(Math.min(piece, length), bytes.length - at[0]);
                            if (size == 0) {
                                return -1;
                            }
                            System.arraycopy(bytes, at[0], into, offset, size);
                            at[0] += size;
                            return size;
                        },
                        max,
                        fields);
        List<String> events = new ArrayList<>();
        while (reader.next()) {
            events.add(
                    new String(
                            reader.buffer(),
                            reader.offset(),
                            reader.length(),
                            StandardCharsets.UTF_8));
        }
        return events;
    }
}
