package dev.tandem.provider.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Message.Original;
import dev.tandem.conversation.Role;
import dev.tandem.failure.Failure;
import dev.tandem.provider.ModelRequest;
import dev.tandem.secret.Secret;
import dev.tandem.provider.http.UpstreamClient;
import dev.tandem.testing.RecordedUpstream;
import dev.tandem.testing.Recording;
import dev.tandem.testing.Served;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// What Anthropic said is sent back as it was sent back when it was recorded: a signature that
/// differs by one byte is a 400 on the next turn.
final class RoundTripTest {
    private static final UpstreamClient CLIENT = new UpstreamClient(Duration.ofSeconds(5));

    @AfterAll
    static void closeClient() {
        CLIENT.close();
    }

    @Test
    void aSignedThoughtGoesBackWithTheToolsResult() throws Exception {
        sendsBackAsRecorded("12");
    }

    @Test
    void aRedactedThoughtGoesBack() throws Exception {
        sendsBackAsRecorded("14");
    }

    @Test
    void parallelCallsGoBackWithTheirResults() throws Exception {
        sendsBackAsRecorded("11");
    }

    @Test
    void anImageGoesBackInAToolsResult() throws Exception {
        sendsBackAsRecorded("27");
    }

    @Test
    void aPausedAnswerIsContinuedWithWhatItHasSaid() throws Exception {
        Recording recording = recording("16");
        try (RecordedUpstream upstream = RecordedUpstream.replaying(recording)) {

            Heard answer = Heard.of(provider(upstream), Requests.hello());

            assertEquals(2, upstream.served().size());
            JsonNode sent = content(upstream.served().get(1).body(), 1);
            // The recorder wrote other dashes and quotes into what it sent back, so the bytes that
            // came are the measure; the kinds and the number of the blocks are as it sent them.
            assertEquals(Reading.of(recording.exchanges().subList(0, 1)).content(), sent);
            JsonNode recorded = content(recording.exchanges().get(1).requestBody(), 1);
            assertEquals(recorded.findValuesAsText("id"), sent.findValuesAsText("id"));
            assertEquals(
                    recorded.findValuesAsText("encrypted_content"),
                    sent.findValuesAsText("encrypted_content"));
            assertEquals(404_500 + 482_529, answer.finished().usage().inputTokens());
        }
    }

    @Test
    void anAnswerThatIsPausedForeverEnds() throws Exception {
        Recording.Recorded paused = recording("16").exchanges().getFirst();
        List<RecordedUpstream.Answer> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(RecordedUpstream.Answer.of(paused));
        }
        try (RecordedUpstream upstream = new RecordedUpstream(answers)) {

            Failure failure =
                    assertThrows(
                            Failure.class, () -> Heard.of(provider(upstream), Requests.hello()));

            assertTrue(failure.text().contains("10 times"), failure.text());
            assertEquals(11, upstream.served().size());
        }
    }

    /// Plays the first exchange, sends its answer back with what the recorded second request adds,
    /// and compares the two requests.
    private static void sendsBackAsRecorded(String name) throws Exception {
        Recording recording = recording(name);
        JsonNode second = Json.MAPPER.readTree(recording.exchanges().get(1).requestBody());
        String model = second.path("model").asText();
        try (RecordedUpstream upstream = RecordedUpstream.replaying(recording)) {
            AnthropicProvider provider = provider(upstream);
            Message question = Message.text(Role.USER, "question");
            Heard first = Heard.of(provider, Requests.of(model, question));
            Message answer = message(first);
            Message next = Translated.user(second.path("messages").path(2));
            ModelRequest again = Requests.of(model, question, answer, next);

            Heard _ = Heard.of(provider, again);

            Served served = upstream.served().get(1);
            JsonNode recordedBlocks = content(second.toString(), 1);
            JsonNode sentBlocks = content(served.body(), 1);
            assertEquals(recordedBlocks.size(), sentBlocks.size());
            for (int i = 0; i < sentBlocks.size(); i++) {
                assertSaysTheSame(recordedBlocks.path(i), sentBlocks.path(i));
            }
            assertEquals(ids(content(second.toString(), 2)), ids(content(served.body(), 2)), name);
        }
    }

    /// The recorders left some fields out of what they sent back (`caller`, empty `citations`);
    /// every field that they sent must be the same.
    private static void assertSaysTheSame(JsonNode recorded, JsonNode sent) {
        recorded.properties()
                .forEach(
                        field -> {
                            JsonNode value = field.getValue();
                            boolean nothing =
                                    value.isNull() || (value.isArray() && value.isEmpty());
                            if (!nothing) {
                                assertEquals(value, sent.path(field.getKey()), field.getKey());
                            }
                        });
    }

    private static List<String> ids(JsonNode blocks) {
        List<String> ids = new ArrayList<>();
        blocks.forEach(
                block -> ids.add(block.path("type").asText() + block.path("tool_use_id").asText()));
        return ids;
    }

    private static Message message(Heard answer) throws IOException {
        Original original = answer.finished().original().orElseThrow();
        List<Content> content = new ArrayList<>();
        for (JsonNode block : Json.MAPPER.readTree(original.json())) {
            if (block.path("type").asText().equals("tool_use")) {
                content.add(
                        new Content.ToolUse(
                                block.path("id").asText(),
                                block.path("name").asText(),
                                block.path("input").toString()));
            }
        }
        return new Message(Role.ASSISTANT, content, Optional.empty(), Optional.of(original));
    }

    private static JsonNode content(String body, int message) throws IOException {
        return Json.MAPPER.readTree(body).path("messages").path(message).path("content");
    }

    private static Recording recording(String name) {
        Optional<Recording> found = Recording.find("anthropic", name);
        assumeTrue(found.isPresent(), "no recordings: set -D" + Recording.PROPERTY);
        return found.orElseThrow();
    }

    private static AnthropicProvider provider(RecordedUpstream upstream) {
        return new AnthropicProvider(
                AnthropicSettings.of(new Secret("sk-test")).at(upstream.uri()), CLIENT);
    }
}
