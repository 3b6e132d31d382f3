package dev.tandem.clients.phone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.clients.phone.CuttingProxy.Cut;
import dev.tandem.clients.phone.Phone.Network;
import dev.tandem.launch.RunningServer;
import dev.tandem.testing.RecordedUpstream;
import dev.tandem.testing.RecordedUpstream.Answer;
import dev.tandem.testing.RecordedUpstream.Delivery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A server that is stopped in the middle of an answer, and started again, has the rest of what it
/// said, and says that it was interrupted.
@Timeout(60)
final class RestartTest {
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void aRunIsContinuedOnTheNextServer(Way way) throws Exception {
        Answer half = Upstream.Kind.TEXT.answer().delivered(Delivery.stallingAfter(10_000));
        try (RecordedUpstream upstream = new RecordedUpstream(List.of(half));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            RunningServer first = RunningServer.asking(folder, upstream.uri());
            CuttingProxy proxy = new CuttingProxy(first.port(), () -> Cut.NEVER);
            Phone phone =
                    Phone.asking(
                            Network.to(proxy.port(), HEARTBEAT, new Random(1)),
                            new Question("claude-sonnet-4-6", "", "hello", "restart"),
                            () -> way);
            Future<Joined.Answer> reading = threads.submit(phone::toTheEnd);
            upstream.awaitRequest().awaitWritten();

            proxy.leadTo(1);
            proxy.cutAll();
            first.close();
            try (RunningServer second = RunningServer.asking(folder, upstream.uri())) {
                proxy.leadTo(second.port());
                Joined.Answer joined = reading.get();

                assertEquals("interrupted", joined.error());
                assertTrue(joined.text().startsWith("0Grüße 1日本語 "), joined.text());
                assertFalse(phone.position().joined().wasReplaced());
                assertEquals(uncut(second, phone, Way.GRPC), joined);
                assertEquals(uncut(second, phone, Way.GET_WITH_HEADER), joined);
                assertEquals(1, upstream.served().size());
            }
            proxy.close();
        }
    }

    private static Joined.Answer uncut(RunningServer server, Phone phone, Way way)
            throws Exception {
        Network network = Network.to(server.port(), HEARTBEAT, new Random(2));
        return Phone.following(network, phone.position().runId().orElseThrow(), () -> way)
                .toTheEnd();
    }
}
