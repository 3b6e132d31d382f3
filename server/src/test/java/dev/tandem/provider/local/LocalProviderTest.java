package dev.tandem.provider.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.conversation.ToolChoice;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.provider.PreparedCall;
import dev.tandem.provider.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The provider without a model.
final class LocalProviderTest {
    @TempDir private Path directory;

    @Test
    void saysWhatIsMissingAndHowToGetIt() {
        Path file = directory.resolve("none.gguf");

        Failure failure = assertThrows(Failure.class, () -> open(file));

        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, failure.code());
        assertTrue(failure.text().contains(file.toString()));
        assertTrue(failure.text().contains("make model"));
        assertTrue(failure.text().contains("local.model-file"));
    }

    @Test
    void saysWhenAFileIsNotAModel() throws IOException {
        Path file = Files.writeString(directory.resolve("text.gguf"), "not a model at all");

        Failure failure = assertThrows(Failure.class, () -> open(file));

        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, failure.code());
        assertTrue(failure.text().contains("not a GGUF file"), failure::text);
    }

    @Test
    void ignoresToolsAndSaysSo() {
        assertEquals(
                List.of("tools"), prepare(Question.ask("a").tools("clock")).ignoredParameters());
        assertEquals(
                List.of(),
                prepare(Question.ask("a").tools("clock").choose(new ToolChoice.None()))
                        .ignoredParameters());
    }

    @Test
    void refusesToolsThatMustBeCalled() {
        for (ToolChoice choice :
                List.of(new ToolChoice.Required(), new ToolChoice.Named("clock"))) {
            Failure failure =
                    assertThrows(
                            Failure.class,
                            () -> prepare(Question.ask("a").tools("clock").choose(choice)));

            assertEquals(Optional.of("tool_choice"), failure.param());
        }
    }

    @Test
    void refusesNumbersOutOfRange() {
        for (double value : new double[] {-1, 2.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            Failure failure =
                    assertThrows(
                            Failure.class, () -> prepare(Question.ask("a").temperature(value)));

            assertEquals(Optional.of("temperature"), failure.param());
        }
        Failure failure =
                assertThrows(
                        Failure.class, () -> prepare(Question.ask("a").extra("seed", "\"x\"")));
        assertEquals(Optional.of("seed"), failure.param());
    }

    @Test
    void showsTheRequestAsItUnderstoodIt() {
        assertEquals(
                "{\"model\":\"test\",\"max_tokens\":5,\"temperature\":0.0,\"top_p\":0.9,\"seed\":7,"
                        + "\"stop\":[\"x\"],\"turns\":[{\"role\":\"system\",\"text\":\"brief\"},"
                        + "{\"role\":\"user\",\"text\":\"hi\"}]}",
                prepare(
                                Question.ask("hi")
                                        .system("brief")
                                        .temperature(0)
                                        .maxTokens(5)
                                        .stop("x")
                                        .extra("seed", "7"))
                        .bodyJson());
    }

    private PreparedCall prepare(Question question) {
        try (LocalProvider provider =
                new LocalProvider(LocalSettings.defaults(directory.resolve("none"), 1))) {
            return provider.prepare(question.request());
        }
    }

    private static void open(Path file) throws InterruptedException {
        try (LocalProvider provider = new LocalProvider(LocalSettings.defaults(file, 1))) {
            provider.prepare(Question.ask("hi").request()).open().next();
        }
    }
}
