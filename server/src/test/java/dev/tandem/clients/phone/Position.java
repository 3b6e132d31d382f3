package dev.tandem.clients.phone;

import java.util.Optional;

/// Where a phone stands in a run, and what it has of it: all that it must keep to go on after a
/// cut.
final class Position {
    private final Joined joined = new Joined();
    private Optional<String> runId = Optional.empty();
    private Optional<String> cursor = Optional.empty();
    private Optional<Boolean> gap = Optional.empty();
    private boolean ended;
    private long droppedBytes;
    private int signsOfLife;
    private Runnable listener = () -> {};

    /// Calls somebody after each event, each verdict and each sign of life.
    void onNews(Runnable call) {
        listener = call;
    }

    Joined joined() {
        return joined;
    }

    Optional<String> runId() {
        return runId;
    }

    void runIs(String id) {
        runId = Optional.of(id);
    }

    /// The cursor of the last event that was told whole.
    Optional<String> cursor() {
        return cursor;
    }

    void standAt(String seen) {
        cursor = Optional.of(seen);
        listener.run();
    }

    /// What the last verdict was: whether there is a gap. Empty: none was told.
    Optional<Boolean> gap() {
        return gap;
    }

    void verdict(boolean isGap) {
        gap = Optional.of(isGap);
        listener.run();
    }

    int signsOfLife() {
        return signsOfLife;
    }

    void signOfLife() {
        signsOfLife++;
        listener.run();
    }

    boolean hasEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /// Bytes of frames that were dropped because their event was not told whole.
    long droppedBytes() {
        return droppedBytes;
    }

    void dropped(long bytes) {
        droppedBytes += bytes;
    }
}
