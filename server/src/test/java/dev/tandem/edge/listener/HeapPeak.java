package dev.tandem.edge.listener;

import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;

/// Looks every now and then at what the heap holds that is not garbage, and keeps the most it saw.
final class HeapPeak {

    private static final long PERIOD_NANOS = 500_000_000;

    private final Thread thread = Thread.ofPlatform().daemon().start(this::run);
    private volatile boolean done;
    private volatile long peak;

    private void run() {
        while (!done) {
            LockSupport.parkNanos(PERIOD_NANOS);
            look();
        }
    }

    private synchronized void look() {
        System.gc();
        peak = Math.max(peak, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    /// Stops looking, and returns the most bytes there were.
    long end() throws InterruptedException {
        done = true;
        LockSupport.unpark(thread);
        thread.join();
        look();
        return peak;
    }
}
