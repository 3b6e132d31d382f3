package dev.tandem.edge.listener;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Waits for request bytes on behalf of Helidon's parser. A body that falls silent for too long is
/// answered with 408, and nothing more is read after it.
final class RequestBytes {

    private final ByteQueue received;
    private final Duration bodyTimeout;
    private boolean stalled;

    RequestBytes(ByteQueue received, Duration bodyTimeout) {
        this.received = received;
        this.bodyTimeout = bodyTimeout;
    }

    /// The next bytes of a body, or null at the end, as [DataReader] wants it.
    byte @Nullable [] ofBody() {
        if (stalled) {
            return null;
        }
        try {
            return received.take(bodyTimeout);
        } catch (TimeoutException e) {
            stalled = true;
            throw new HttpException("request body stalled", Status.REQUEST_TIMEOUT_408, e, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /// The next bytes of a head, or null at the end. The caller bounds the wait.
    byte @Nullable [] ofHead() {
        if (stalled) {
            return null;
        }
        try {
            return received.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
