package dev.tandem.provider.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.failure.Failure;
import dev.tandem.provider.ModelEvent;
import dev.tandem.secret.Secret;
import dev.tandem.provider.http.UpstreamClient;
import dev.tandem.testing.RecordedUpstream;
import dev.tandem.testing.Recording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every recorded exchange, sent through the provider over a real socket, against a reading of the
/// same bytes that shares no code with it.
final class RecordedAnswersTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final UpstreamClient CLIENT = new UpstreamClient(Duration.ofSeconds(5));
    private static final List<String> TABLE = new ArrayList<>();

    @AfterAll
    static void printTable() {
        CLIENT.close();
        System.out.println("recorded exchanges through AnthropicProvider:");
        TABLE.stream().sorted().forEach(System.out::println);
    }

    @TestFactory
    Stream<DynamicTest> saysWhatWasRecorded() {
        if (Recording.of("anthropic").isEmpty()) {
            String missing = "no recordings: set -D" + Recording.PROPERTY + " to their folder";
            return Stream.of(DynamicTest.dynamicTest("recordings", () -> abort(missing)));
        }
        return Recording.of("anthropic").stream()
                .filter(recording -> recording.exchanges().getFirst().isChat())
                .map(
                        recording ->
                                DynamicTest.dynamicTest(
                                        recording.name(), () -> compare(recording)));
    }

    private static void compare(Recording recording) throws Exception {
        try (RecordedUpstream upstream = RecordedUpstream.replaying(recording)) {
            AnthropicProvider provider =
                    new AnthropicProvider(
                            AnthropicSettings.of(new Secret("sk-test")).at(upstream.uri()), CLIENT);
            List<List<Recording.Recorded>> answers = answers(recording);
            for (int i = 0; i < answers.size(); i++) {
                String name = recording.name() + " #" + (i + 1);
                compare(name, provider, answers.get(i));
            }
        }
    }

    /// The exchanges that make one answer: one each, but for a paused answer and its continuation.
    private static List<List<Recording.Recorded>> answers(Recording recording) {
        return recording.behaviour().contains("pause_turn")
                ? List.of(recording.exchanges())
                : recording.exchanges().stream().map(List::of).toList();
    }

    private static void compare(
            String name, AnthropicProvider provider, List<Recording.Recorded> exchanges)
            throws Exception {
        Recording.Recorded first = exchanges.getFirst();
        if (first.status() != 200) {
            Failure failure =
                    assertThrows(Failure.class, () -> Heard.of(provider, Requests.hello()));
            assertEquals(Reading.failureOf(first), failure.code().word() + ": " + failure.text());
            TABLE.add("%-70s %s".formatted(name, Reading.failureOf(first)));
            return;
        }

        Heard answer = Heard.of(provider, Requests.hello());

        Reading expected = Reading.of(exchanges);
        assertEquals(expected.text(), answer.text());
        assertEquals(expected.reasoning(), answer.reasoning());
        assertEquals(expected.toolCalls(), answer.toolCalls());
        assertEquals(expected.providerTools(), answer.providerTools());
        ModelEvent.Finished finished = answer.finished();
        assertEquals(expected.usage(), finished.usage());
        assertEquals(expected.reason(), finished.reason());
        assertEquals(expected.stopSequence(), finished.stopSequence());
        assertEquals(expected.refusal(), finished.refusal());
        JsonNode original = JSON.readTree(finished.original().orElseThrow().json());
        assertEquals(expected.content(), original);
        TABLE.add(
                "%-70s %-14s text %5d, thought %5d, calls %d, own tools %2d, blocks %2d, tokens %d+%dr+%dw → %d"
                        .formatted(
                                name,
                                finished.reason().word(),
                                answer.text().length(),
                                answer.reasoning().length(),
                                answer.toolCalls().size(),
                                answer.providerTools().size(),
                                original.size(),
                                finished.usage().inputTokens(),
                                finished.usage().cacheReadTokens(),
                                finished.usage().cacheWriteTokens(),
                                finished.usage().outputTokens()));
    }
}
