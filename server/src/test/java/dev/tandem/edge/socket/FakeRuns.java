package dev.tandem.edge.socket;

import com.google.protobuf.Message;
import dev.tandem.rpc.Sink;
import dev.tandem.testing.FakeContract;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.TextDelta;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Streams that say what a test wants, when it wants it. Each is known by its question: the first
/// message of a chat.
final class FakeRuns {
    private final Map<String, BlockingQueue<Optional<String>>> words = new ConcurrentHashMap<>();
    private final BlockingQueue<String> begun = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> left = new LinkedBlockingQueue<>();

    FakeContract contract() {
        return new FakeContract()
                .stream("StreamChatCompletion", (call, request, sink) -> run(request, sink));
    }

    private void run(Message request, Sink<Message> sink) throws InterruptedException {
        String name = ((ChatCompletionRequest) request).getMessages(0).getContent();
        begun.add(name);
        try {
            for (Optional<String> word = words(name).take();
                    word.isPresent();
                    word = words(name).take()) {
                sink.send(event(name, word.get()));
                sink.flush();
            }
        } catch (InterruptedException gone) {
            left.add(name);
            throw gone;
        }
    }

    static RunEvent event(String run, String word) {
        return RunEvent.newBuilder()
                .setRunId(run)
                .setText(TextDelta.newBuilder().setText(word))
                .build();
    }

    private BlockingQueue<Optional<String>> words(String name) {
        return words.computeIfAbsent(name, _ -> new LinkedBlockingQueue<>());
    }

    /// A message that begins one.
    static String chat(String id, String name) {
        return """
        {"id":"%s","type":"chat","request":{"model":"m",\
        "messages":[{"role":"user","content":"%s"}]}}"""
                .formatted(id, name);
    }

    void say(String name, String word) {
        words(name).add(Optional.of(word));
    }

    void end(String name) {
        words(name).add(Optional.empty());
    }

    /// The next one that has begun.
    String awaitBegun() throws InterruptedException {
        return awaited(begun);
    }

    /// The next one whose reader has left.
    String awaitLeft() throws InterruptedException {
        return awaited(left);
    }

    private static String awaited(BlockingQueue<String> names) throws InterruptedException {
        String name = names.poll(10, TimeUnit.SECONDS);
        if (name == null) {
            throw new AssertionError("it did not happen within 10 s");
        }
        return name;
    }
}
