package dev.tandem.storage.jdbc;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Jobs in the order they came, up to a limit. Closing it refuses new jobs and lets the takers
/// finish the old ones.
final class JobQueue {
    /// How long jobs without hurry wait for company, so that many of them share one commit.
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final int max;
    private final Queue<Job<?>> jobs = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean hurry;
    private boolean closed;

    JobQueue(int max) {
        this.max = max;
    }

    /// Adds a job that somebody waits for.
    ///
    /// @throws Failure OVERLOADED where it is full, SHUTTING_DOWN where it is closed
    void put(Job<?> job) {
        put(job, true);
    }

    /// Adds a job that may wait a moment for others.
    ///
    /// @throws Failure OVERLOADED where it is full, SHUTTING_DOWN where it is closed
    void putWithoutHurry(Job<?> job) {
        put(job, false);
    }

    private void put(Job<?> job, boolean hurried) {
        lock.lock();
        try {
            if (closed) {
                throw new Failure(FailureCode.SHUTTING_DOWN, "The server is shutting down.");
            }
            if (jobs.size() >= max) {
                throw new Failure(
                                FailureCode.OVERLOADED,
                                "The database has " + max + " jobs waiting; try again later.")
                        .retryAfter(Duration.ofSeconds(1));
            }
            jobs.add(job);
            hurry |= hurried;
            if (hurried || jobs.size() == 1) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits for a job and adds it, and those behind it, to `batch`, at most `limit`. False once
    /// the queue is closed and empty.
    boolean take(List<Job<?>> batch, int limit) {
        lock.lock();
        try {
            while (jobs.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            awaitCompany();
            while (batch.size() < limit && !jobs.isEmpty()) {
                batch.add(jobs.remove());
            }
            hurry &= !jobs.isEmpty();
            return !batch.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void awaitCompany() {
        long left = PATIENCE_NANOS;
        try {
            while (left > 0 && !hurry && !closed) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException now) {
            Thread.currentThread().interrupt();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
