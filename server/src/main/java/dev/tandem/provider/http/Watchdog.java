package dev.tandem.provider.http;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Ends exchanges that take too long. A time-out of the socket's would be a timer for each read;
/// here one thread looks at each exchange when its next limit is due, and a read costs two writes
/// of a field.
final class Watchdog implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;

    Watchdog() {
        timer =
                new ScheduledThreadPoolExecutor(
                        1,
                        Thread.ofPlatform().daemon().name("upstream-watchdog").factory(),
                        new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
    }

    /// Looks at the exchange until it is over.
    void guard(Exchange exchange) {
        long waitNanos = exchange.check(System.nanoTime());
        if (waitNanos > 0) {
            exchange.watched(after(waitNanos, () -> guard(exchange)));
        }
    }

    /// Runs something short, later.
    ScheduledFuture<?> after(long nanos, Runnable task) {
        return timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
