package dev.tandem.provider.http;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One request and its answer as it arrives. One thread reads; [#close()] may be called by any, and
/// reaches the upstream's socket in every phase, also before the answer has begun.
///
/// What goes wrong is told as a [Failure]; a reader whose exchange was closed or whose thread was
/// interrupted gets an [InterruptedException].
public final class Exchange implements ByteSource, AutoCloseable {
    /// How long a finished answer is given to reach its end, so that its connection can be used
    /// again.
    private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Endpoint endpoint;
    private final IncomingAnswer answer;
    private final CompletableFuture<?> pending;
    private final Watchdog watchdog;
    private final long startedNanos = System.nanoTime();

    /// Why it is over; the first reason stands.
    private final AtomicReference<End> end = new AtomicReference<>(End.NOT_YET);

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

    /// @param pending what the client makes of the answer; it can be cancelled
    Exchange(
            Endpoint endpoint,
            IncomingAnswer answer,
            CompletableFuture<?> pending,
            Watchdog watchdog) {
        this.endpoint = endpoint;
        this.answer = answer;
        this.pending = pending;
        this.watchdog = watchdog;
    }

    /// Blocks until the answer begins.
    ///
    /// @return its status code
    public int status() throws InterruptedException {
        return head().statusCode();
    }

    /// A header of the answer; blocks until it begins.
    public Optional<String> header(String name) throws InterruptedException {
        return head().headers().firstValue(name);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws InterruptedException {
        ResponseInfo _ = head();
        waitingSinceNanos = System.nanoTime();
        waiting = true;
        try {
            int read = answer.read(into, offset, length);
            if (read < 0) {
                end.compareAndSet(End.NOT_YET, End.READ);
            }
            return read;
        } catch (InterruptedException stop) {
            close();
            throw stop;
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
    /// moment, so that the connection can serve the next request, and closed then.
    public void finish() {
        if (end.get() != End.NOT_YET) {
            close();
            return;
        }
        // Most answers have ended by then; what is not scheduled need not be kept.
        answer.discard(this::drained);
        if (end.get() == End.NOT_YET) {
            watched(watchdog.after(DRAIN_NANOS, this::close));
        }
    }

    @Override
    public void close() {
        end(End.CLOSED);
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
        boolean silent = waiting && (answered || !answer.head().isDone());
        long pieceRestNanos = silent ? waitingSinceNanos + pieceNanos - now : pieceNanos / 8 + 1;
        if (restNanos <= 0 || pieceRestNanos <= 0) {
            end(End.TIMED_OUT);
            return 0;
        }
        return Math.min(restNanos, pieceRestNanos);
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

    private ResponseInfo head() throws InterruptedException {
        try {
            ResponseInfo head = answer.head().get();
            if (!answered) {
                answered = true;
                waiting = false;
                // From here on another limit holds, which may be the shorter one.
                watchdog.guard(this);
            }
            return head;
        } catch (InterruptedException stop) {
            close();
            throw stop;
        } catch (ExecutionException failed) {
            throw explain(failed.getCause());
        } catch (CancellationException cancelled) {
            throw explain(cancelled);
        }
    }

    /// Forgets what was scheduled: it would keep the whole exchange in memory, and a close that
    /// comes late could meet the connection's next user.
    private void drained() {
        end.compareAndSet(End.NOT_YET, End.READ);
        ScheduledFuture<?> next = watch;
        if (next != null) {
            next.cancel(false);
        }
    }

    private void end(End reason) {
        if (!end.compareAndSet(End.NOT_YET, reason) && end.get() != End.READ) {
            return;
        }
        ScheduledFuture<?> next = watch;
        if (next != null) {
            next.cancel(false);
        }
        // Cancelling does nothing once the answer has begun; then its body is closed.
        pending.cancel(true);
        answer.close();
    }

    /// What a broken exchange means to whoever reads it.
    private Failure explain(@Nullable Throwable broken) throws InterruptedException {
        if (end.get() == End.TIMED_OUT) {
            return timedOut();
        }
        if (end.get() == End.CLOSED || Thread.interrupted() || causedByInterrupt(broken)) {
            close();
            throw new InterruptedException("the exchange with " + endpoint.name() + " was closed");
        }
        close();
        if (broken instanceof HttpConnectTimeoutException
                || broken instanceof ConnectException
                || broken instanceof UnknownHostException
                || !answered) {
            return new Failure(
                    FailureCode.UPSTREAM_UNAVAILABLE, endpoint.name() + " cannot be reached");
        }
        return new Failure(
                FailureCode.UPSTREAM_ERROR, endpoint.name() + " broke off in its answer");
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

    private static boolean causedByInterrupt(@Nullable Throwable broken) {
        return broken instanceof IOException && broken.getCause() instanceof InterruptedException;
    }
}
