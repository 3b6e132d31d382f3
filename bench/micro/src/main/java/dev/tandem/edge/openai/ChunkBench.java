package dev.tandem.edge.openai;

import dev.tandem.edge.json.JsonOut;
import dev.tandem.v1.RunStarted;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// From the contract's events to OpenAI's chunks.
@State(Scope.Thread)
public class ChunkBench {
    private final ChunkFrames frames =
            new ChunkFrames(
                    "run_01m8804mc77584zaetkgqkvjsw",
                    RunStarted.newBuilder()
                            .setCompletionId("chatcmpl-01m8804mc77584zaetkgqkvjsw")
                            .setModel("claude-haiku-4-5")
                            .build(),
                    false,
                    false);
    private final JsonOut out = new JsonOut(2048);
    private String text = " streams its answers";

    @Benchmark
    public int chunk() {
        out.clear();
        return out.bytes(frames.text).escaped(text).bytes(frames.afterText).size();
    }
}
