package dev.tandem.provider.anthropic;

import dev.tandem.provider.ModelEvent;
import dev.tandem.provider.http.SseReader;
import dev.tandem.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/// From the upstream's bytes to our events.
@State(Scope.Thread)
public class EventsBench {
    private static final int DELTAS = 100;
    private static final String BEGIN =
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":9}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            """;
    private static final String DELTA =
            """
            event: content_block_delta
            data: {"type":"content_block_delta","index":0,\
            "delta":{"type":"text_delta","text":" streams its answers"}}

            """;

    private final byte[] stream = (BEGIN + DELTA.repeat(DELTAS)).getBytes(StandardCharsets.UTF_8);
    private final AnthropicErrors errors = new AnthropicErrors(new Secret("none"));

    @Benchmark
    @OperationsPerInvocation(DELTAS)
    public void sseToModelEvents(Blackhole hole) throws InterruptedException {
        Consumer<ModelEvent> out = hole::consume;
        AnthropicEvents events = new AnthropicEvents("claude", errors);
        SseReader reader = reader();
        while (reader.next()) {
            events.accept(reader.buffer(), reader.offset(), reader.length(), out);
        }
    }

    @Benchmark
    @OperationsPerInvocation(DELTAS)
    public void sseAlone(Blackhole hole) throws InterruptedException {
        SseReader reader = reader();
        while (reader.next()) {
            hole.consume(reader.length());
        }
    }

    private SseReader reader() {
        int[] read = {0};
        return new SseReader(
                (into, offset, length) -> {
                    int count = Math.min(length, stream.length - read[0]);
                    System.arraycopy(stream, read[0], into, offset, count);
                    read[0] += count;
                    return count == 0 ? -1 : count;
                },
                1 << 20);
    }
}
