package dev.tandem.edge.mcp;

import dev.tandem.edge.json.JsonOut;
import dev.tandem.edge.mcp.ReplyStream.Item;
import dev.tandem.edge.rest.EventStream;
import dev.tandem.edge.rest.HttpCall;
import io.helidon.http.HeaderValues;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Sends what is said to a client: as one JSON document where that is all, else as a stream of
/// events. Which of them is decided when there is something to say, or when it takes long.
///
/// @param heartbeat silence after which a client gets a sign of life
record ReplyWriter(Duration heartbeat) {
    private static final int ACCEPTED = 202;

    private static final byte[] ALIVE = ": alive\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = new byte[0];
    private static final long RETRY_MS = 1000;

    /// How one answer is sent.
    ///
    /// @param batch whether its JSON is a list
    /// @param primes whether its first event only tells where to come back
    /// @param after the number of the last message that the client has
    record Way(Accepts accepts, boolean batch, boolean primes, long after) {}

    /// What was sent to a client that has left meanwhile.
    static final class Left extends InterruptedException {
        private static final long serialVersionUID = 1L;

        private final int reader;
        private final boolean begun;

        Left(int reader, boolean begun) {
            super("The client has left.");
            this.reader = reader;
            this.begun = begun;
        }

        int reader() {
            return reader;
        }

        /// Whether the client has got events, so that it knows where to come back.
        boolean hasBegun() {
            return begun;
        }
    }

    /// Sends a stream as events until it is over.
    ///
    /// @return false where it is a document, for [#document]
    /// @throws Left where the client leaves before
    boolean write(HttpCall http, ReplyStream stream, Way way) throws Left {
        int reader = stream.enter();
        EventStream events = http.events();
        try {
            if (isDocument(stream, reader, way)) {
                return false;
            }
            events(events, stream, reader, way);
            return true;
        } catch (InterruptedException gone) {
            Left left = new Left(reader, events.hasBegun());
            left.initCause(gone);
            throw left;
        }
    }

    private boolean isDocument(ReplyStream stream, int reader, Way way)
            throws InterruptedException {
        if (!way.accepts().events()) {
            boolean over = false;
            while (!over) {
                over = stream.isTaken(reader, heartbeat);
            }
            return true;
        }
        return way.accepts().json()
                && stream.begins(heartbeat) == ReplyStream.Beginning.WHOLE
                && !stream.answers().isEmpty();
    }

    /// Answers with what a stream has turned out to be.
    static void document(HttpCall http, ReplyStream stream, Way way) {
        List<Item> answers = stream.answers();
        if (answers.isEmpty()) {
            accepted(http);
            return;
        }
        if (!way.batch()) {
            Item only = answers.getFirst();
            http.answer(
                    only.status(),
                    HeaderValues.CONTENT_TYPE_JSON,
                    only.json().getBytes(StandardCharsets.UTF_8));
            return;
        }
        JsonOut list = new JsonOut().beginArray();
        answers.forEach(answer -> list.json(answer.json()));
        http.answer(list.endArray().toBytes());
    }

    /// Answers that there is nothing to answer.
    static void accepted(HttpCall http) {
        http.answer(ACCEPTED, HeaderValues.CONTENT_TYPE_JSON, NOTHING);
    }

    private void events(EventStream events, ReplyStream stream, int reader, Way way)
            throws InterruptedException {
        long after = way.after();
        events.frame(way.primes() ? prime(stream, after) : ALIVE);
        events.flush();
        while (!stream.isOver(reader, after)) {
            Optional<Item> next = stream.next(reader, after, heartbeat);
            if (next.isPresent()) {
                after = next.get().number();
                if (stream.replays()) {
                    events.id(stream.name() + "-" + after);
                }
                events.begin().json(next.get().json());
                events.end();
            } else if (!stream.isOver(reader, after)) {
                events.frame(ALIVE);
            }
            events.flush();
        }
        events.close();
    }

    /// Tells a client where to come back, and after which time.
    private static byte[] prime(ReplyStream stream, long after) {
        return "id: %s-%d\nretry: %d\ndata: \n\n"
                .formatted(stream.name(), after, RETRY_MS)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
