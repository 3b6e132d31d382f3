package dev.tandem.plugin;

import java.time.Duration;

/// Waits a while.
interface Pause {
    /// In real time.
    Pause REAL = Thread::sleep;

    void take(Duration wait) throws InterruptedException;
}
