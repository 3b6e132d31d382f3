package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tandem.conversation.Usage;
import dev.tandem.provider.anthropic.Reading;
import dev.tandem.testing.RecordedUpstream;
import dev.tandem.testing.RecordedUpstream.Answer;
import dev.tandem.testing.Recording;
import dev.tandem.testing.Recording.Recorded;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Real answers of Anthropic's, through the whole server: over both wires, streamed and whole, a
/// client is told what was recorded. What was recorded is read by code that shares nothing with
/// the server.
final class RecordedExchangesTest {
    private static final List<String> TABLE = new ArrayList<>();

    @TempDir static Path folder;

    private static RecordedUpstream upstream;
    private static RunningServer server;

    @BeforeAll
    static void start() {
        assumeFalse(
                Recording.of("anthropic").isEmpty(),
                "no recordings: set -D" + Recording.PROPERTY + " to their folder");
        upstream = new RecordedUpstream(List.of());
        server = RunningServer.asking(folder, upstream.uri());
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
            upstream.close();
            System.out.println("recorded exchanges through the whole server, four ways each:");
            TABLE.forEach(System.out::println);
        }
    }

    @TestFactory
    Stream<DynamicTest> tellsWhatWasRecorded() {
        return Recording.of("anthropic").stream()
                .filter(recording -> recording.exchanges().getFirst().isChat())
                .flatMap(RecordedExchangesTest::answers)
                .map(
                        answer ->
                                DynamicTest.dynamicTest(
                                        answer.name(), () -> compareEveryWay(answer)));
    }

    /// One answer: one exchange, but for a paused answer and its continuation.
    private record Whole(String name, List<Recorded> exchanges) {}

    private static Stream<Whole> answers(Recording recording) {
        if (recording.behaviour().contains("pause_turn")) {
            return Stream.of(new Whole(recording.name(), recording.exchanges()));
        }
        List<Whole> answers = new ArrayList<>();
        for (Recorded exchange : recording.exchanges()) {
            answers.add(
                    new Whole(recording.name() + " #" + (answers.size() + 1), List.of(exchange)));
        }
        return answers.stream();
    }

    private static void compareEveryWay(Whole answer) throws IOException {
        Told expected = expected(answer.exchanges());
        for (Told.Way way : Told.Way.values()) {
            answer.exchanges().forEach(exchange -> upstream.answer(Answer.of(exchange)));

            assertEquals(expected, way.ask(server), way.name());
        }
        TABLE.add(
                expected.error().isEmpty()
                        ? "%-68s %-14s text %5d, thought %5d, calls %d, tokens %s"
                                .formatted(
                                        answer.name(),
                                        expected.finishReason(),
                                        expected.text().length(),
                                        expected.reasoning().length(),
                                        expected.toolCalls().size(),
                                        expected.usage())
                        : "%-68s %s".formatted(answer.name(), expected.error()));
    }

    private static Told expected(List<Recorded> exchanges) throws IOException {
        if (exchanges.getFirst().status() != 200) {
            return Told.failed(Reading.failureOf(exchanges.getFirst()));
        }
        Reading reading = Reading.of(exchanges);
        Usage usage = reading.usage();
        return new Told(
                reading.text(),
                reading.reasoning(),
                reading.toolCalls(),
                reading.reason().word(),
                usage.inputTokens()
                        + "+"
                        + usage.cacheReadTokens()
                        + "r+"
                        + usage.cacheWriteTokens()
                        + "w>"
                        + usage.outputTokens(),
                "");
    }
}
