package dev.tandem.edge.socket;

import com.google.protobuf.Message;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;

/// The calls that are under way on one WebSocket, each on a virtual thread.
final class Subscriptions {
    private final int most;
    private final Pipeline pipeline;
    private final FrameWriter writer;
    private final Set<Subscription<?, ?>> open = new HashSet<>();
    private final Map<String, Subscription<?, ?>> streams = new HashMap<>();

    /// A call is not open any more when its last word is on its way, so that its id is free when
    /// the client reads that word. Its thread still waits for a slow client then, and such threads
    /// must not pile up: the reader of the socket waits for them.
    private final Semaphore threads;

    private boolean ended;
    private long busyAt = System.nanoTime();

    /// @param most calls that may be open at once
    Subscriptions(int most, Pipeline pipeline, FrameWriter writer) {
        this.most = most;
        this.pipeline = pipeline;
        this.writer = writer;
        this.threads = new Semaphore(2 * most);
    }

    /// Begins a call.
    ///
    /// @throws Failure RATE_LIMITED where too many are open
    <Q extends Message, A extends Message> void open(
            String id, Call call, RpcMethod<Q, A> method, Q request) throws InterruptedException {
        Subscription<Q, A> subscription = new Subscription<>(id, call, method, request, writer);
        threads.acquire();
        boolean started = false;
        try {
            add(subscription);
            Thread.ofVirtual().name("socket-subscription").start(() -> run(subscription));
            started = true;
        } finally {
            if (!started) {
                threads.release();
            }
        }
    }

    /// Whether a stream of events has this id.
    synchronized boolean hasStream(String id) {
        return streams.containsKey(id);
    }

    /// Ends the stream that has this id; it may have ended by itself a moment ago.
    synchronized void leave(String id) {
        Subscription<?, ?> stream = streams.get(id);
        if (stream != null) {
            stream.leave();
        }
    }

    /// Ends all of them; no others can be opened.
    synchronized void leaveAll() {
        ended = true;
        open.forEach(Subscription::leave);
    }

    /// Waits until none is open.
    synchronized void awaitNone(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        for (long left = limit.toMillis(); !open.isEmpty() && left > 0; ) {
            wait(left);
            left = Duration.ofNanos(end - System.nanoTime()).toMillis();
        }
    }

    /// Notes a sign of use.
    synchronized void used() {
        busyAt = System.nanoTime();
    }

    /// For how long the socket has been of no use.
    synchronized Duration unused() {
        return open.isEmpty() ? Duration.ofNanos(System.nanoTime() - busyAt) : Duration.ZERO;
    }

    private synchronized void add(Subscription<?, ?> subscription) throws InterruptedException {
        if (ended) {
            throw new InterruptedException("The WebSocket is closed.");
        }
        if (open.size() >= most) {
            throw new Failure(
                    FailureCode.RATE_LIMITED,
                    most
                            + " subscriptions are open on this WebSocket, as many as there may be;"
                            + " close one, or open another WebSocket.");
        }
        open.add(subscription);
        if (subscription.isStream()) {
            streams.put(subscription.id(), subscription);
        }
    }

    private void run(Subscription<?, ?> subscription) {
        try {
            Frames last;
            try {
                last = subscription.run(pipeline);
            } finally {
                remove(subscription);
            }
            writer.send(last);
        } catch (InterruptedException gone) {
            // nobody is left to be told
        } finally {
            threads.release();
        }
    }

    private synchronized void remove(Subscription<?, ?> subscription) {
        open.remove(subscription);
        streams.remove(subscription.id(), subscription);
        busyAt = System.nanoTime();
        notifyAll();
    }
}
