package dev.tandem.hub;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Stands still until it is moved on.
final class HandClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-11-29T07:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    synchronized void pass(Duration time) {
        now = now.plus(time);
    }
}
