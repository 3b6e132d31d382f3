package dev.tandem.provider.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.provider.ModelEvent;
import dev.tandem.provider.ModelStream;
import dev.tandem.secret.Secret;
import dev.tandem.provider.http.UpstreamClient;
import dev.tandem.testing.RecordedUpstream;
import dev.tandem.testing.RecordedUpstream.Delivery;
import dev.tandem.testing.Served;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// A cancel reaches the upstream's socket at once, whatever the answer has come to.
final class CancelTest {
    private static final UpstreamClient CLIENT = new UpstreamClient(Duration.ofSeconds(5));
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final String BEGINNING =
            """
            data: {"type":"message_start","message":{"usage":{"input_tokens":3,"output_tokens":1}}}

            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}

            """;
    private static final String END =
            """
            data: {"type":"content_block_stop","index":0}

            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}

            data: {"type":"message_stop"}

            """;

    @AfterAll
    static void closeClient() {
        CLIENT.close();
    }

    @Test
    void beforeTheHeaders() throws Exception {
        cancel(Delivery.BEFORE_HEADERS, 0);
    }

    @Test
    void beforeTheFirstEvent() throws Exception {
        cancel(0, 0);
    }

    @Test
    void inTheText() throws Exception {
        cancel(BEGINNING.getBytes(StandardCharsets.UTF_8).length, 2);
    }

    @Test
    void afterTheLastEvent() throws Exception {
        cancel((BEGINNING + END).getBytes(StandardCharsets.UTF_8).length, 4);
    }

    @Test
    void whileNobodyReads() throws Exception {
        int beginning = BEGINNING.getBytes(StandardCharsets.UTF_8).length;
        try (RecordedUpstream upstream = stalling(beginning)) {
            ModelStream stream = provider(upstream).prepare(Requests.hello()).open();
            ModelEvent _ = stream.next();
            Served served = upstream.awaitRequest();
            long cancelled = System.nanoTime();

            stream.close();
            stream.close();

            assertTrue(served.awaitClose(Duration.ofSeconds(5)) - cancelled < MOST_NANOS);
        }
    }

    /// 200 answers at once, each closed somewhere in its course.
    @Test
    void nothingIsLeftBehindWhenManyAreCancelledSomewhere() throws Exception {
        int size = (BEGINNING + END).getBytes(StandardCharsets.UTF_8).length;
        List<RecordedUpstream.Answer> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Delivery slow =
                    new Delivery(16, Duration.ofMillis(2), size - 40, RecordedUpstream.Stop.STALL);
            answers.add(RecordedUpstream.Answer.stream(BEGINNING + END).delivered(slow));
        }
        try (RecordedUpstream upstream = new RecordedUpstream(answers)) {
            AnthropicProvider provider = provider(upstream);
            Random random = new Random(7);
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                ModelStream stream = provider.prepare(Requests.hello()).open();
                readers.add(Thread.ofVirtual().start(() -> readAll(stream)));
                Duration wait = Duration.ofMillis(random.nextInt(150));
                readers.add(Thread.ofVirtual().start(() -> closeAfter(wait, stream)));
            }
            for (Thread reader : readers) {
                assertTrue(reader.join(Duration.ofSeconds(20)));
            }

            upstream.awaitNoConnections(Duration.ofSeconds(5));
        }
    }

    private static void readAll(ModelStream stream) {
        Throwable end = read(stream);
        while (end instanceof AssertionError) {
            end = read(stream);
        }
    }

    private static void closeAfter(Duration wait, ModelStream stream) {
        try {
            Thread.sleep(wait);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        stream.close();
    }

    /// Reads so many events, blocks for one more, and is closed by another thread.
    private static void cancel(int bytesSent, int events) throws Exception {
        try (RecordedUpstream upstream = stalling(bytesSent)) {
            ModelStream stream = provider(upstream).prepare(Requests.hello()).open();
            CountDownLatch seen = new CountDownLatch(events);
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            Thread reader = Thread.ofVirtual().start(() -> ended.complete(readAfter(seen, stream)));
            Served served = upstream.awaitRequest();
            served.awaitWritten();
            seen.await();
            boolean whole = events == 4;
            while (!whole && reader.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            long cancelled = System.nanoTime();

            stream.close();

            long nanos = served.awaitClose(Duration.ofSeconds(5)) - cancelled;
            assertTrue(nanos < MOST_NANOS, "the socket closed after " + nanos + " ns");
            Throwable end = ended.get(5, TimeUnit.SECONDS);
            if (whole) {
                assertInstanceOf(IllegalStateException.class, end);
            } else {
                assertInstanceOf(InterruptedException.class, end);
            }
            assertEquals(Math.max(bytesSent, 0), served.bytesSent());
        }
    }

    /// Reads until nothing is left to count down, and then once more.
    private static Throwable readAfter(CountDownLatch seen, ModelStream stream) {
        try {
            while (seen.getCount() > 0) {
                ModelEvent _ = stream.next();
                seen.countDown();
            }
        } catch (InterruptedException | RuntimeException early) {
            return new AssertionError("the answer ended early", early);
        }
        return read(stream);
    }

    private static Throwable read(ModelStream stream) {
        try {
            return new AssertionError("an event came: " + stream.next());
        } catch (InterruptedException | RuntimeException end) {
            return end;
        }
    }

    private static RecordedUpstream stalling(int bytes) {
        return new RecordedUpstream(
                List.of(
                        RecordedUpstream.Answer.stream(BEGINNING + END)
                                .delivered(Delivery.stallingAfter(bytes))));
    }

    private static AnthropicProvider provider(RecordedUpstream upstream) {
        return new AnthropicProvider(
                AnthropicSettings.of(new Secret("sk-test")).at(upstream.uri()), CLIENT);
    }
}
