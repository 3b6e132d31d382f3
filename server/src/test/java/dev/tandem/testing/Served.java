package dev.tandem.testing;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A request that a [RecordedUpstream] was asked, and what became of its answer.
public final class Served {
    private final String method;
    private final String path;
    private final Map<String, String> headers;
    private final String body;
    private final AtomicLong bytesSent = new AtomicLong();
    private final CountDownLatch written = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile long closedNanos;

    Served(String method, String path, Map<String, String> headers, String body) {
        this.method = method;
        this.path = path;
        this.headers = headers;
        this.body = body;
    }

    public String method() {
        return method;
    }

    public String path() {
        return path;
    }

    /// A header's value, whatever the case of its name; empty where it was not sent.
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    public String body() {
        return body;
    }

    /// Bytes of the answer's body that were written so far.
    public long bytesSent() {
        return bytesSent.get();
    }

    /// Blocks until the answer is written as far as the script goes.
    public void awaitWritten() throws InterruptedException {
        if (!written.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the answer was not written within 10 s");
        }
    }

    /// Blocks until the client has closed the connection.
    ///
    /// @return when, by [System#nanoTime()]
    public long awaitClose(Duration most) throws InterruptedException {
        if (!closed.await(most.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("the client did not hang up within " + most);
        }
        return closedNanos;
    }

    void sent(int bytes) {
        bytesSent.addAndGet(bytes);
    }

    void written() {
        written.countDown();
    }

    void clientClosed() {
        closedNanos = System.nanoTime();
        closed.countDown();
    }
}
