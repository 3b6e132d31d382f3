package dev.tandem.edge.listener;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Waits for request bytes on behalf of Helidon's parser. A body that falls silent for too long, or
/// that drips for so long that it falls as far behind its least rate, is answered with 408, and
/// nothing more is read after it.
final class RequestBytes {

    private final ByteQueue received;
    private final long patienceNanosMax;
    private final long nanosPerByte;
    private long patienceNanos;
    private boolean stalled;

    RequestBytes(ByteQueue received, ListenerSettings settings) {
        this.received = received;
        this.patienceNanosMax = settings.timeouts().body().toNanos();
        this.nanosPerByte = TimeUnit.SECONDS.toNanos(1) / settings.limits().bodyRateMin();
        this.patienceNanos = patienceNanosMax;
    }

    /// The next bytes of a body, or null at the end, as [DataReader] wants it.
    byte @Nullable [] ofBody() {
        if (stalled) {
            return null;
        }
        try {
            return takePatiently();
        } catch (TimeoutException e) {
            stalled = true;
            throw new HttpException("request body stalled", Status.REQUEST_TIMEOUT_408, e, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private byte @Nullable [] takePatiently() throws InterruptedException, TimeoutException {
        long begin = System.nanoTime();
        byte[] bytes = received.take(Duration.ofNanos(patienceNanos));
        long earned = bytes == null ? 0 : bytes.length * nanosPerByte;
        long left = patienceNanos - (System.nanoTime() - begin) + earned;
        patienceNanos = Math.clamp(left, 0, patienceNanosMax);
        return bytes;
    }

    /// The next bytes of a head, or null at the end. The caller bounds the wait.
    byte @Nullable [] ofHead() {
        if (stalled) {
            return null;
        }
        patienceNanos = patienceNanosMax;
        try {
            return received.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
