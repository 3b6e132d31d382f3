package dev.tandem.mcp.http;

import java.time.Duration;
import java.util.Optional;

/// Where a stream stands that can be taken up again, and how long to wait before that. Belongs to
/// one thread.
final class Place {
    private static final int DIGITS_MAX = 9;

    /// A server that wants no pause gets this one.
    private static final Duration PAUSE_MIN = Duration.ofMillis(20);

    private final HttpLimits limits;
    private Optional<String> lastId = Optional.empty();
    private Optional<Duration> retry = Optional.empty();
    private int failures;
    private boolean hurried;

    Place(HttpLimits limits) {
        this.limits = limits;
    }

    /// The id of the last event; empty where the stream cannot be taken up.
    Optional<String> lastId() {
        return lastId;
    }

    /// An event has come. An empty id means that the stream can no longer be taken up.
    void reached(String id) {
        lastId = Optional.of(id).filter(given -> !given.isEmpty());
        failures = 0;
        hurried = false;
    }

    /// The server says how many milliseconds to wait; what is no number is ignored.
    void retry(String millis) {
        if (!millis.isEmpty()
                && millis.length() <= DIGITS_MAX
                && millis.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            retry = Optional.of(Duration.ofMillis(Long.parseLong(millis)));
        }
    }

    /// The stream was taken up and is there.
    void resumed() {
        failures = 0;
    }

    /// Whether another attempt is allowed after those that failed.
    boolean mayTry() {
        return failures < limits.attemptsMax();
    }

    /// Waits before the next attempt: as long as the server wants, and longer after each that
    /// fails.
    ///
    /// @param broken whether the stream broke off, rather than that the server closed it: then it
    ///     may be gone for good, and those who wait are to know at once
    void pause(boolean broken) throws InterruptedException {
        if (broken && !hurried) {
            hurried = true;
            return;
        }
        Duration first = retry.orElse(limits.pause());
        Duration grown = first.multipliedBy(1L << Math.min(failures++, 10));
        Duration most = first.compareTo(limits.pauseMax()) > 0 ? first : limits.pauseMax();
        Duration wait = grown.compareTo(most) < 0 ? grown : most;
        Thread.sleep(wait.compareTo(PAUSE_MIN) < 0 ? PAUSE_MIN : wait);
    }
}
