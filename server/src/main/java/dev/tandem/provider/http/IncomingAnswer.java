package dev.tandem.provider.http;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// An answer between the thread that receives it and the one that reads it: its head, then pieces
/// of its body.
///
/// The client may run ahead of the reader by some pieces. The JDK's own input stream allows one
/// and asks for the next only when that is read, so that each piece wakes the receiving thread
/// twice; for a stream of small pieces that is most of what they cost.
final class IncomingAnswer
        implements HttpResponse.BodyHandler<IncomingAnswer>,
                HttpResponse.BodySubscriber<IncomingAnswer> {
    private static final int AHEAD_MAX = 16;

    private final CompletableFuture<ResponseInfo> head = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Queue<List<ByteBuffer>> pieces = new ArrayDeque<>();

    /// Pieces that the client may still bring.
    private int credit;

    private Flow.@Nullable Subscription source;
    private @Nullable Throwable broken;
    private Runnable atEnd = () -> {};
    private boolean ended;
    private boolean unwanted;
    private boolean closed;

    /// The status and the headers, as soon as they are there.
    CompletableFuture<ResponseInfo> head() {
        return head;
    }

    @Override
    public HttpResponse.BodySubscriber<IncomingAnswer> apply(ResponseInfo info) {
        head.complete(info);
        return this;
    }

    /// Hears why there is no answer. Whether nothing had been heard of it before.
    boolean failed(@Nullable Throwable problem) {
        return problem != null && head.completeExceptionally(problem);
    }

    @Override
    public CompletionStage<IncomingAnswer> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        lock.lock();
        try {
            source = subscription;
            if (closed) {
                subscription.cancel();
            } else {
                refill(subscription);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> piece) {
        lock.lock();
        try {
            credit--;
            if (!unwanted) {
                pieces.add(piece);
                arrived.signal();
            } else if (source != null) {
                refill(source);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onError(Throwable problem) {
        end(problem);
    }

    @Override
    public void onComplete() {
        end(null);
    }

    private void end(@Nullable Throwable problem) {
        Runnable hearer;
        lock.lock();
        try {
            ended = true;
            broken = problem;
            arrived.signal();
            hearer = atEnd;
        } finally {
            lock.unlock();
        }
        hearer.run();
    }

    /// Blocks until at least one byte is there.
    ///
    /// @return how many bytes were written to `into`; -1 at the end
    int read(byte[] into, int offset, int length) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (pieces.isEmpty()) {
                if (closed || broken != null) {
                    throw new IOException("the body is not whole", broken);
                }
                if (ended) {
                    return -1;
                }
                arrived.await();
            }
            return take(into, offset, length);
        } finally {
            lock.unlock();
        }
    }

    private int take(byte[] into, int offset, int length) {
        int taken = 0;
        while (taken < length && !pieces.isEmpty()) {
            boolean whole = true;
            for (ByteBuffer bytes : pieces.element()) {
                int count = Math.min(bytes.remaining(), length - taken);
                bytes.get(into, offset + taken, count);
                taken += count;
                whole &= !bytes.hasRemaining();
            }
            if (whole) {
                pieces.remove();
            }
        }
        if (source != null && !ended && credit + pieces.size() <= AHEAD_MAX / 2) {
            refill(source);
        }
        return taken;
    }

    private void refill(Flow.Subscription subscription) {
        int more = AHEAD_MAX - credit - pieces.size();
        credit += more;
        subscription.request(more);
    }

    /// Lets the rest arrive, and throws it away: so the connection can serve the next request.
    ///
    /// @param then is run when all has arrived, or never will
    void discard(Runnable then) {
        boolean over;
        lock.lock();
        try {
            unwanted = true;
            pieces.clear();
            atEnd = then;
            over = ended;
            if (source != null && !ended) {
                refill(source);
            }
        } finally {
            lock.unlock();
        }
        if (over) {
            then.run();
        }
    }

    /// Ends it; a reader that waits is told. Of a body that has ended already this is nothing.
    void close() {
        lock.lock();
        try {
            closed = true;
            if (source != null && !ended) {
                source.cancel();
            }
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }
}
