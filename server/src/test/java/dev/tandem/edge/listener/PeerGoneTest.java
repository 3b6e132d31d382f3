package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A client whose machine is gone: no FIN comes, nothing is acknowledged, nothing is read.
final class PeerGoneTest {

    @ParameterizedTest
    @ValueSource(strings = {"hold", "emit until cancelled"})
    void isNoticedByItsSilence(String behaviour) throws Exception {
        Duration limit = Duration.ofMillis(300);
        try (Subject subject = Subject.listener(TestSettings.keepAlive(limit, limit));
                RawHttp2 client = subject.http2()) {
            client.grpc(1, "ServerStream").message(1, StreamBehaviours.request(behaviour), true);
            client.await(Frame.DATA, 1);
            long begin = System.nanoTime();
            client.stopsReading();

            Duration after = subject.events.await("cancelled", begin);
            assertTrue(after.compareTo(limit) > 0, after.toString());
        }
    }
}
