package dev.tandem.edge.listener;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A client that means well, and measures how long it waits for its answers while others attack.
final class Bystander implements AutoCloseable {

    private static final int SAMPLES_MIN = 20;
    private static final long PAUSE_NANOS = 2_000_000;

    private final RawHttp1 http1;
    private final RawHttp2 http2;
    private final List<Duration> waits = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread;
    private int stream = 1;
    private volatile boolean done;

    Bystander(Subject subject) throws IOException {
        http1 = subject.http1();
        http2 = subject.http2();
        thread = Thread.ofPlatform().name("bystander").start(this::run);
    }

    private void run() {
        try {
            while (!done) {
                ask();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (Exception | AssertionError e) {
            failure.set(e);
        }
    }

    private void ask() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        http2.get(stream, "/hello").awaitEndOf(stream);
        http1.get("/hello").readUntil("\r\n\r\nhello");
        Duration wait = Duration.ofNanos(System.nanoTime() - begin);
        http2.forget();
        stream += 2;
        synchronized (this) {
            waits.add(wait);
            notifyAll();
        }
    }

    /// The median of what was measured since the last time, once that is enough to tell.
    synchronized Duration median() throws InterruptedException {
        while (waits.size() < SAMPLES_MIN && failure.get() == null) {
            wait(1_000);
        }
        Throwable failed = failure.get();
        if (failed != null) {
            throw new AssertionError("the bystander was not served", failed);
        }
        List<Duration> sorted = waits.stream().sorted().toList();
        waits.clear();
        return sorted.get(sorted.size() / 2);
    }

    @Override
    public void close() throws IOException {
        done = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http1.close();
        http2.close();
    }
}
