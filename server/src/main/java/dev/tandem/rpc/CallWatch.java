package dev.tandem.rpc;

import dev.tandem.auth.Caller;
import dev.tandem.observe.CallObserver.CallEnd;
import java.time.Duration;
import java.util.Optional;

/// The clock of one call.
final class CallWatch {
    private final Call call;
    private final String label;
    private final long began = System.nanoTime();
    private long first;
    private long answers;

    CallWatch(Call call, String label) {
        this.call = call;
        this.label = label;
    }

    void answered() {
        if (answers++ == 0) {
            first = System.nanoTime();
        }
    }

    <A> Sink<A> watching(Sink<A> sink) {
        return new Sink<>() {
            @Override
            public void send(A answer) throws InterruptedException {
                sink.send(answer);
                answered();
            }

            @Override
            public void flush() throws InterruptedException {
                sink.flush();
            }
        };
    }

    CallEnd end(String outcome) {
        Optional<Caller> caller = call.admitted();
        return new CallEnd(
                call.requestId(),
                call.wire().word(),
                label,
                call.origin().peer(),
                caller.map(Caller::tenant),
                caller.map(Caller::keyName),
                outcome,
                answers == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(first - began)),
                Duration.ofNanos(System.nanoTime() - began),
                answers);
    }
}
