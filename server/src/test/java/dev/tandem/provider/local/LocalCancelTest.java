package dev.tandem.provider.local;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.provider.ModelStream;
import dev.tandem.provider.Question;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/// How soon the real model stops after its reader has left.
@Timeout(120)
final class LocalCancelTest {
    // Alone on its processors it takes a token or two, 10 to 50 ms; the bound is the contract's.
    private static final Duration BOUND = Duration.ofMillis(500);

    @Test
    void stopsBetweenTwoTokens() throws Exception {
        LocalSettings settings = LocalSettings.defaults(ModelFile.required(), 2);
        CompletableFuture<Long> stoppedAt = new CompletableFuture<>();
        LocalModel model =
                new LocalModel(settings, () -> new Watched(LlamaEngine.load(settings), stoppedAt));
        try (LocalProvider provider = new LocalProvider(settings, model)) {
            ModelStream left =
                    provider.prepare(Question.ask("Write a long story about a fox.").request())
                            .open();
            for (int event = 0; event < 5; event++) {
                left.next();
            }

            long start = System.nanoTime();
            left.close();

            Duration took = Duration.ofNanos(stoppedAt.get(30, TimeUnit.SECONDS) - start);
            System.getLogger("test").log(System.Logger.Level.INFO, "stopped after {0}", took);
            assertTrue(took.compareTo(BOUND) < 0, () -> "stopped after " + took);
        }
    }

    private record Watched(Engine engine, CompletableFuture<Long> stoppedAt) implements Engine {
        @Override
        public ChatTemplate template() {
            return engine.template();
        }

        @Override
        public int tokens(String text) {
            return engine.tokens(text);
        }

        @Override
        public void read(String beginning) {
            engine.read(beginning);
        }

        @Override
        public Pieces generate(String prompt, Sampling sampling) {
            Pieces pieces = engine.generate(prompt, sampling);
            return new Pieces() {
                @Override
                public @Nullable String next() {
                    return pieces.next();
                }

                @Override
                public boolean reachedTokensMax() {
                    return pieces.reachedTokensMax();
                }

                @Override
                public void close() {
                    pieces.close();
                    stoppedAt.complete(System.nanoTime());
                }
            };
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}
