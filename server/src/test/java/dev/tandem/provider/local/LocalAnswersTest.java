package dev.tandem.provider.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.conversation.AnswerFormat;
import dev.tandem.conversation.FinishReason;
import dev.tandem.conversation.Role;
import dev.tandem.failure.Failure;
import dev.tandem.provider.Answers;
import dev.tandem.provider.ModelEvent;
import dev.tandem.provider.Question;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// What the real model answers.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
final class LocalAnswersTest {
    private LocalProvider provider;

    @BeforeAll
    void start() {
        provider =
                new LocalProvider(
                        new LocalSettings(
                                ModelFile.required(),
                                1,
                                1024,
                                256,
                                1,
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(1)));
    }

    @AfterAll
    void stop() {
        if (provider != null) {
            provider.close();
        }
    }

    @Test
    void knowsTheCapitalOfFrance() throws InterruptedException {
        List<ModelEvent> events = answer(capital().temperature(0));

        assertTrue(Answers.text(events).contains("Paris"), () -> Answers.text(events));
        assertTrue(Answers.texts(events).size() > 3, "in several pieces");
        assertEquals(FinishReason.STOP, Answers.end(events).reason());
    }

    @Test
    void endsAtTheMostTokens() throws InterruptedException {
        List<ModelEvent> events = answer(story().maxTokens(8));

        assertEquals(FinishReason.LENGTH, Answers.end(events).reason());
        assertEquals(8, Answers.end(events).usage().outputTokens());
    }

    @Test
    void endsBeforeAStop() throws InterruptedException {
        List<ModelEvent> events = answer(capital().temperature(0).stop("France is"));

        assertEquals("The capital of ", Answers.text(events));
        assertEquals(Optional.of("France is"), Answers.end(events).stopSequence());
        assertEquals(FinishReason.STOP, Answers.end(events).reason());
    }

    @Test
    void theSameSeedGivesTheSameAnswer() throws InterruptedException {
        Question question = story().temperature(1.2).maxTokens(24).extra("seed", "11");

        String one = Answers.text(answer(question));

        assertEquals(one, Answers.text(answer(question)));
        assertFalse(one.equals(Answers.text(answer(question.extra("seed", "12")))));
    }

    @Test
    void charactersStayWhole() throws InterruptedException {
        Question question =
                Question.ask("Repeat this: 😀🦊🚀 héllo")
                        .then(Role.ASSISTANT, "😀🦊🚀 héllo")
                        .then(Role.USER, "Again, exactly the same: 😀🦊🚀 héllo")
                        .temperature(0)
                        .maxTokens(40);

        List<ModelEvent> events = answer(question);

        String text = Answers.text(events);
        assertTrue(text.codePoints().anyMatch(point -> point > 0xFFFF), text);
        for (String piece : Answers.texts(events)) {
            assertFalse(piece.contains("\uFFFD"), text);
            assertFalse(Character.isHighSurrogate(piece.charAt(piece.length() - 1)), text);
        }
    }

    @Test
    void answersInJsonWhenAsked() throws Exception {
        Question question =
                Question.ask("Describe Paris as JSON.")
                        .temperature(0)
                        .format(
                                new AnswerFormat.JsonSchema(
                                        "city",
                                        "{\"type\":\"object\",\"properties\":{\"name\":"
                                                + "{\"enum\":[\"Paris\",\"Rome\"]},\"capital\":"
                                                + "{\"type\":\"boolean\"}},\"required\":[\"name\","
                                                + "\"capital\"],\"additionalProperties\":false}",
                                        Optional.empty(),
                                        Optional.empty()));

        JsonNode json = new ObjectMapper().readTree(Answers.text(answer(question)));

        assertEquals("Paris", json.path("name").asText());
        assertTrue(json.path("capital").isBoolean());
        assertEquals(2, json.size());
    }

    @Test
    void answersWithAnyJsonObjectWhenAsked() throws Exception {
        Question question =
                Question.ask("Answer with exactly this: {\"colour\": \"red\"}")
                        .temperature(0)
                        .format(new AnswerFormat.JsonObject());

        List<ModelEvent> events = answer(question);

        assertTrue(new ObjectMapper().readTree(Answers.text(events)).isObject());
        assertEquals(FinishReason.STOP, Answers.end(events).reason());
    }

    @Test
    void forgetsTheOldestTurnsOfALongConversation() throws InterruptedException {
        Question question = Question.ask("word ".repeat(900));
        question.then(Role.ASSISTANT, "Yes.").then(Role.USER, "What is the capital of France?");

        List<ModelEvent> events = answer(question.temperature(0));

        assertTrue(Answers.text(events).contains("Paris"), () -> Answers.text(events));
        assertTrue(Answers.end(events).usage().inputTokens() < 100);
    }

    @Test
    void saysWhenAMessageIsTooLong() {
        Question question = Question.ask("word ".repeat(2000));

        Failure failure = assertThrows(Failure.class, () -> answer(question));

        assertEquals(Optional.of("messages"), failure.param());
    }

    private List<ModelEvent> answer(Question question) throws InterruptedException {
        return Answers.answer(provider, question);
    }

    private static Question capital() {
        return Question.ask("What is the capital of France?");
    }

    private static Question story() {
        return Question.ask("Write a long story about a fox.");
    }
}
