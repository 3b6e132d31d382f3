package dev.tandem.engine;

import dev.tandem.conversation.Usage;
import dev.tandem.observe.RunObserver;
import dev.tandem.observe.RunObserver.RunEnd;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunInfo;
import java.time.Duration;
import java.util.Optional;

/// The clock of one run.
final class RunClock {
    private final RunInfo info;
    private final RunObserver observer;
    private final long began = System.nanoTime();
    private long first;
    private long outputs;

    RunClock(RunInfo info, RunObserver observer) {
        this.info = info;
        this.observer = observer;
        observer.began(info.provider());
    }

    void output() {
        if (outputs++ == 0) {
            first = System.nanoTime();
        }
    }

    void ended(RunEvent.End end) {
        Usage usage = end.bill().usage();
        observer.ended(
                new RunEnd(
                        info.id(),
                        info.provider(),
                        info.model(),
                        end.state().word(),
                        end instanceof RunEvent.Failed failed
                                ? Optional.of(failed.failure().code().word())
                                : Optional.empty(),
                        outputs == 0
                                ? Optional.empty()
                                : Optional.of(Duration.ofNanos(first - began)),
                        Duration.ofNanos(System.nanoTime() - began),
                        outputs,
                        usage.promptTokens(),
                        usage.outputTokens()));
    }
}
