package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Clients that vanish without a word.
final class KeepAliveTest {

    private static final ListenerSettings SETTINGS =
            TestSettings.keepAlive(Duration.ofMillis(200), Duration.ofMillis(200));

    @Test
    void noticesAClientThatIsGone() throws Exception {
        try (Subject subject = Subject.listener(SETTINGS);
                RawHttp2 client = subject.http2().answersNoPings()) {
            client.grpc(1, "ServerStream")
                    .message(1, StreamBehaviours.request("hold"), true)
                    .await(Frame.DATA, 1);
            long begin = System.nanoTime();

            Duration after = subject.events.await("cancelled", begin, Duration.ofSeconds(2));
            assertTrue(after.toMillis() > 200, after.toString());
        }
    }

    @Test
    void keepsAClientThatAnswers() throws Exception {
        try (Subject subject = Subject.listener(SETTINGS);
                RawHttp2 client = subject.http2()) {
            client.get(1, "/slow?ms=1200").awaitEndOf(1);

            assertEquals("slow", client.body(1));
            assertTrue(client.count(frame -> frame.type() == Frame.PING) > 0, client.describe());
        }
    }
}
