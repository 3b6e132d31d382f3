package dev.tandem.approval;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A call that waits for a decision. Whoever decides wakes it at once, but not before everybody has
/// been told that it was asked.
final class Waiter {
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch decided = new CountDownLatch(1);
    // written before the latch opens and read after it
    private @Nullable Approval decision;
    private volatile String id = "";

    /// The approval that it waits for; empty before there is one.
    String id() {
        return id;
    }

    void waitsFor(String approval) {
        id = approval;
    }

    /// Everybody has been told that the approval is open.
    void told() {
        told.countDown();
    }

    /// Waits until everybody has been told. An interrupt is kept for later.
    void awaitTold() {
        boolean interrupted = false;
        while (true) {
            try {
                told.await();
                break;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void decide(Approval closed) {
        decision = closed;
        decided.countDown();
    }

    /// The decision; empty where there is none in time.
    Optional<Approval> await(Duration limit) throws InterruptedException {
        boolean ended = decided.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        return ended ? Optional.ofNullable(decision) : Optional.empty();
    }
}
