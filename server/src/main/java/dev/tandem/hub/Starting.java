package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.hub.ServerConnection.SessionExpired;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// A start that is under way, on a thread of its own: whoever waits for it may leave without
/// harm to the others.
final class Starting {
    private final Live live;
    private final Instant since;
    private final Opening opening;
    private final Ending ending;
    private final CompletableFuture<Live> outcome = new CompletableFuture<>();
    private final Thread thread;
    private volatile @Nullable Failure givenUp;

    /// Opens the connection; blocks. Whatever goes wrong, it is closed afterwards.
    interface Opening {
        void open(Live live) throws InterruptedException, SessionExpired;
    }

    /// Takes the outcome, before those who wait have it.
    interface Ending {
        /// Takes it.
        ///
        /// @return why a connection that is open is of no use any more
        Optional<Failure> ended(Starting start, Optional<Failure> failure);
    }

    Starting(Live live, Instant since, Opening opening, Ending ending) {
        this.live = live;
        this.since = since;
        this.opening = opening;
        this.ending = ending;
        this.thread = Thread.ofVirtual().name("mcp-start").unstarted(this::run);
    }

    Live live() {
        return live;
    }

    Instant since() {
        return since;
    }

    void begin() {
        thread.start();
    }

    /// Ends it without success, unless it has ended.
    void giveUp(Failure why) {
        givenUp = why;
        thread.interrupt();
    }

    /// Waits for the connection.
    ///
    /// @throws Failure why there is none
    Live await() throws InterruptedException {
        try {
            return outcome.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Failure failure
                    ? new Failure(failure.code(), failure.text(), failure)
                    : new IllegalStateException(failed.getCause());
        }
    }

    private void run() {
        Optional<Failure> failure = opened();
        if (failure.isPresent()) {
            live.close();
        }
        Optional<Failure> told = ending.ended(this, failure);
        if (told.isPresent()) {
            outcome.completeExceptionally(told.get());
            live.close();
        } else {
            outcome.complete(live);
        }
    }

    private Optional<Failure> opened() {
        try {
            opening.open(live);
            return Optional.empty();
        } catch (Failure failure) {
            return Optional.of(failure);
        } catch (SessionExpired expired) {
            return Optional.of(expired.told());
        } catch (InterruptedException stop) {
            Failure why = givenUp;
            return Optional.of(
                    why != null
                            ? why
                            : new Failure(FailureCode.SHUTTING_DOWN, "The start was given up."));
        } catch (RuntimeException | Error broken) {
            return Optional.of(
                    new Failure(
                            FailureCode.INTERNAL, "The MCP server could not be started.", broken));
        }
    }
}
