package dev.tandem.service;

import dev.tandem.run.RunEvent;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// From our events to the contract's.
@State(Scope.Thread)
public class RunEventsBench {
    private RunEvent event = new RunEvent.Text(" streams its answers");

    @Benchmark
    public Object build() {
        return RunEvents.wire("run_01m8804mc77584zaetkgqkvjsw", event);
    }

    @Benchmark
    public byte[] buildAndSerialize() {
        return RunEvents.wire("run_01m8804mc77584zaetkgqkvjsw", event).toByteArray();
    }
}
