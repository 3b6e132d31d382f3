package dev.tandem.hub;

import dev.tandem.failure.Failure;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// Opens fake connections, or fails as it was told to.
final class FakeConnector implements Connector {
    final List<FakeConnection> opened = new CopyOnWriteArrayList<>();
    final List<Opening> openings = new CopyOnWriteArrayList<>();
    private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean deaf;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /// Makes the next start fail.
    void fails(Failure failure) {
        failures.add(failure);
    }

    /// Holds all starts from now on.
    void holdStarts() {
        gate = new CountDownLatch(1);
    }

    /// The same, and an interrupt is of no use.
    void holdStartsEvenIfInterrupted() {
        holdStarts();
        deaf = true;
    }

    void releaseStarts() {
        gate.countDown();
    }

    FakeConnection last() {
        return opened.getLast();
    }

    @Override
    public ServerConnection open(Opening opening, Events events) throws InterruptedException {
        openings.add(opening);
        await();
        Failure failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
        FakeConnection connection = new FakeConnection(events);
        opened.add(connection);
        return connection;
    }

    private void await() throws InterruptedException {
        boolean through = false;
        while (!through) {
            try {
                gate.await();
                through = true;
            } catch (InterruptedException stop) {
                if (!deaf) {
                    throw stop;
                }
            }
        }
    }
}
