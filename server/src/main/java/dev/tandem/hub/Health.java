package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.tool.ToolServer.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How a server is doing, and when it may be tried again. Guarded by the lock of its [Link].
final class Health {
    private final String serverId;
    private final Backoff backoff;
    private State state = State.IDLE;
    private Optional<String> problem = Optional.empty();
    private Optional<String> version = Optional.empty();
    private int failures;
    private Instant retryAt = Instant.MIN;
    private boolean wasUp;

    Health(String serverId, Backoff backoff) {
        this.serverId = serverId;
        this.backoff = backoff;
    }

    State state() {
        return state;
    }

    /// Why it is not up.
    Optional<String> problem() {
        return problem;
    }

    /// What it last said of itself.
    Optional<String> version() {
        return version;
    }

    void starts() {
        state = State.STARTING;
    }

    void cameUp(Optional<String> said) {
        state = State.READY;
        problem = Optional.empty();
        version = said.or(() -> version);
        wasUp = true;
    }

    /// A start failed. What is not the server's fault does not count against it.
    void failed(FailureCode code, String why, Instant now) {
        problem = Optional.of(why);
        if (code == FailureCode.UNAUTHORIZED) {
            state = State.UNAUTHORIZED;
            return;
        }
        switch (code.kind()) {
            case CALLER, CAPACITY -> state = State.IDLE;
            case UPSTREAM, OURS -> {
                state = wasUp ? State.RECONNECTING : State.FAILED;
                waitAfter(failures + 1, now);
            }
        }
    }

    /// It was up and is gone. One that had worked may be tried at once, another waits.
    void lost(boolean worked, String why, Instant now) {
        state = State.RECONNECTING;
        problem = Optional.of(why);
        if (worked) {
            failures = 0;
            retryAt = now;
        } else {
            waitAfter(failures + 1, now);
        }
    }

    private void waitAfter(int inARow, Instant now) {
        failures = inARow;
        retryAt = now.plus(backoff.after(inARow));
    }

    /// It was stopped, and is well as far as we know.
    void stopped() {
        state = State.IDLE;
        problem = Optional.empty();
        failures = 0;
        retryAt = Instant.MIN;
        wasUp = false;
    }

    /// Nobody has wanted it for a while: it is not tried any more until somebody does.
    void abandoned() {
        wasUp = false;
        if (state == State.RECONNECTING) {
            state = State.FAILED;
        }
    }

    /// @throws Failure where its next try has to wait
    void checkPatience(Instant now) {
        if (!now.isBefore(retryAt)) {
            return;
        }
        Duration wait = Duration.between(now, retryAt);
        String text =
                "The MCP server %s does not come up and is tried again in %d s. %s"
                        .formatted(serverId, wait.toSeconds() + 1, problem.orElse(""));
        throw new Failure(FailureCode.UPSTREAM_UNAVAILABLE, text).retryAfter(wait);
    }

    Failure stoppedMeanwhile() {
        return new Failure(
                FailureCode.UPSTREAM_UNAVAILABLE,
                "The MCP server " + serverId + " was stopped meanwhile; try again.");
    }

    Failure tooSlow(Duration startMax) {
        return new Failure(
                FailureCode.UPSTREAM_TIMEOUT,
                "The MCP server %s did not come up within mcp.start-max (%d s)."
                        .formatted(serverId, startMax.toSeconds()));
    }

    /// Whether it was lost and may be tried without anybody's asking.
    ///
    /// @param patient when the first such try is due
    boolean isDue(Instant now, Instant patient) {
        return state == State.RECONNECTING && !now.isBefore(retryAt) && !now.isBefore(patient);
    }
}
