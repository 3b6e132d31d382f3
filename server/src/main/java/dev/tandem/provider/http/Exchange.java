package dev.tandem.provider.http;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/// One request and its answer as it arrives. One virtual thread sends, with its first call, and
/// reads; [#close()] may be called by any, and reaches the upstream's socket in every phase, also
/// before the answer has begun.
///
/// What goes wrong is told as a [Failure]; a reader whose exchange was closed or whose thread was
/// interrupted gets an [InterruptedException].
public final class Exchange implements ByteSource, AutoCloseable {
    /// How long a finished answer is given to reach its end, so that its connection can be used
    /// again.
    private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Endpoint endpoint;
    private final CloseableHttpClient http;
    private final HttpUriRequestBase request;
    private final Watchdog watchdog;
    private final long startedNanos = System.nanoTime();

    /// Why it is over; the first reason stands.
    private final AtomicReference<End> end = new AtomicReference<>(End.NOT_YET);

    private @Nullable ClassicHttpResponse answer;
    private @Nullable InputStream body;
    private volatile boolean waiting = true;
    private volatile boolean answered;
    private volatile long waitingSinceNanos = startedNanos;
    private volatile @Nullable ScheduledFuture<?> watch;

    private enum End {
        NOT_YET,
        READ,
        CLOSED,
        TIMED_OUT
    }

    Exchange(
            Endpoint endpoint,
            CloseableHttpClient http,
            HttpUriRequestBase request,
            Watchdog watchdog) {
        this.endpoint = endpoint;
        this.http = http;
        this.request = request;
        this.watchdog = watchdog;
    }

    /// Blocks until the answer begins.
    ///
    /// @return its status code
    public int status() throws InterruptedException {
        return head().getCode();
    }

    /// A header of the answer; blocks until it begins.
    public Optional<String> header(String name) throws InterruptedException {
        return Optional.ofNullable(head().getFirstHeader(name)).map(Header::getValue);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws InterruptedException {
        ClassicHttpResponse _ = head();
        waitingSinceNanos = System.nanoTime();
        waiting = true;
        try {
            int read = body == null ? -1 : body.read(into, offset, length);
            if (read < 0) {
                over(End.READ);
            }
            return read;
        } catch (IOException broken) {
            throw explain(broken);
        } finally {
            waiting = false;
        }
    }

    /// The rest of the answer, cut off at so many bytes.
    public byte[] readAll(int bytesMax) throws InterruptedException {
        byte[] bytes = new byte[bytesMax];
        int size = 0;
        while (size < bytesMax) {
            int read = read(bytes, size, bytesMax - size);
            if (read < 0) {
                break;
            }
            size += read;
        }
        return Arrays.copyOf(bytes, size);
    }

    /// Ends the exchange where its answer has told all: what still comes is thrown away, for a
    /// moment and by another thread, so that the connection can serve the next request, and closed
    /// then.
    public void finish() {
        if (end.get() != End.NOT_YET) {
            close();
            return;
        }
        watched(watchdog.after(DRAIN_NANOS, this::close));
        Thread.ofVirtual().name("upstream-drain").start(this::drain);
    }

    private void drain() {
        byte[] unwanted = new byte[512];
        try {
            while (read(unwanted, 0, unwanted.length) >= 0) {
                // the next piece
            }
        } catch (InterruptedException | Failure broken) {
            close();
        }
    }

    @Override
    public void close() {
        if (over(End.CLOSED)) {
            request.cancel();
        }
    }

    /// Ends the exchange when a limit has passed.
    ///
    /// @return nanoseconds until the next look; 0 when there is none
    long check(long now) {
        if (end.get() != End.NOT_YET) {
            return 0;
        }
        UpstreamLimits limits = endpoint.limits();
        long pieceNanos = (answered ? limits.idle() : limits.headers()).toNanos();
        long restNanos = startedNanos + limits.total().toNanos() - now;
        // A reader that is busy elsewhere is no silence of the upstream's.
        long pieceRestNanos = waiting ? waitingSinceNanos + pieceNanos - now : pieceNanos / 8 + 1;
        if (restNanos > 0 && pieceRestNanos > 0) {
            return Math.min(restNanos, pieceRestNanos);
        }
        if (over(End.TIMED_OUT)) {
            request.cancel();
        }
        return 0;
    }

    void watched(ScheduledFuture<?> next) {
        ScheduledFuture<?> before = watch;
        if (before != null) {
            before.cancel(false);
        }
        watch = next;
        if (end.get() != End.NOT_YET) {
            next.cancel(false);
        }
    }

    private ClassicHttpResponse head() throws InterruptedException {
        ClassicHttpResponse head = answer;
        return head != null ? head : send();
    }

    private ClassicHttpResponse send() throws InterruptedException {
        ClassicHttpResponse head;
        try {
            head = http.executeOpen(null, request, null);
            HttpEntity entity = head.getEntity();
            body = entity == null ? null : entity.getContent();
        } catch (IOException broken) {
            throw explain(broken);
        } catch (CancellationException closed) {
            // closed while it waited for a connection of the pool's
            throw explain(new IOException(closed));
        }
        answer = head;
        answered = true;
        waiting = false;
        // From here on another limit holds, which may be the shorter one.
        watchdog.guard(this);
        return head;
    }

    /// Ends it for this reason, unless it has ended, and forgets what was scheduled: it would keep
    /// the whole exchange in memory, and a close that comes late could meet the connection's next
    /// user.
    private boolean over(End reason) {
        if (!end.compareAndSet(End.NOT_YET, reason)) {
            return false;
        }
        ScheduledFuture<?> next = watch;
        if (next != null) {
            next.cancel(false);
        }
        return true;
    }

    /// What a broken exchange means to whoever reads it.
    private Failure explain(IOException broken) throws InterruptedException {
        boolean interrupted = Thread.interrupted();
        End before = end.get();
        close();
        if (before == End.TIMED_OUT) {
            return timedOut();
        }
        if (interrupted || before == End.CLOSED) {
            throw new InterruptedException("the exchange with " + endpoint.name() + " was closed");
        }
        return answered
                ? new Failure(
                        FailureCode.UPSTREAM_ERROR,
                        endpoint.name() + " broke off in its answer",
                        broken)
                : new Failure(
                        FailureCode.UPSTREAM_UNAVAILABLE,
                        endpoint.name() + " cannot be reached",
                        broken);
    }

    private Failure timedOut() {
        UpstreamLimits limits = endpoint.limits();
        boolean whole = System.nanoTime() - startedNanos >= limits.total().toNanos();
        Duration limit = whole ? limits.total() : answered ? limits.idle() : limits.headers();
        String what =
                whole
                        ? " took longer than "
                        : answered ? " was silent for " : " did not answer for ";
        return new Failure(
                FailureCode.UPSTREAM_TIMEOUT,
                endpoint.name() + what + limit.toMillis() / 1000.0 + " s");
    }
}
