package dev.tandem.service;

import dev.tandem.run.RunEvent;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// From our events to the contract's.
@State(Scope.Thread)
public class RunEventsBench {
    private static final String RUN = "run_01m8804mc77584zaetkgqkvjsw";

    private RunEvent event = new RunEvent.Text(" streams its answers");

    @Benchmark
    public Object build() {
        return RunEvents.wire(RUN, event, Optional.empty());
    }

    @Benchmark
    public byte[] buildAndSerialize() {
        return RunEvents.wire(RUN, event, Optional.empty()).toByteArray();
    }
}
