package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.edge.listener.probe.ProbeRequest;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A service with a gigabyte to send, and a client that reads none of it.
final class SlowReaderTest {

    private static final int ANSWER_BYTES = 1 << 30;
    private static final long HEAP_GROWTH_MAX = 24L << 20;

    @ParameterizedTest
    @ValueSource(ints = {1 << 10, 64 << 10, 4 << 20})
    void keepsLittleInMemoryWhateverTheMessagesSize(int messageBytes) throws Exception {
        ProbeRequest request =
                ProbeRequest.newBuilder()
                        .setBehaviour("emit when ready")
                        .setCount(ANSWER_BYTES / messageBytes)
                        .setSize(messageBytes)
                        .build();
        try (Subject subject = Subject.listener(TestSettings.defaults());
                RawHttp2 client = new RawHttp2(subject.port, Integer.MAX_VALUE).stopsReading()) {
            client.window(0, Integer.MAX_VALUE - 65_535);
            long before = heapBytes();
            client.grpc(1, "ServerStream").message(1, request, true);
            int sent = awaitStandstill(subject);
            long growth = heapBytes() - before;

            assertTrue(sent < request.getCount() / 4, "sent " + sent + " messages");
            assertTrue(growth < HEAP_GROWTH_MAX, "the heap grew by " + growth);
            assertEquals(0, subject.events.count("cancelled"));
        }
    }

    private static int awaitStandstill(Subject subject) throws InterruptedException {
        subject.events.await("ready", System.nanoTime());
        int sent = -1;
        while (sent != subject.service.sent()) {
            sent = subject.service.sent();
            LockSupport.parkNanos(300_000_000);
        }
        return sent;
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
