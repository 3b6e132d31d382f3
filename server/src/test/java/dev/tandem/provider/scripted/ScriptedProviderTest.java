package dev.tandem.provider.scripted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.FinishReason;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.conversation.ToolChoice;
import dev.tandem.conversation.Usage;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.provider.Answers;
import dev.tandem.provider.ModelEvent;
import dev.tandem.provider.ModelRequest;
import dev.tandem.provider.ModelStream;
import dev.tandem.provider.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ScriptedProviderTest {
    private final ScriptedProvider provider = new ScriptedProvider();

    @Test
    void echoesTheLastMessageWordByWord() throws InterruptedException {
        List<ModelEvent> events = answer("Hello  there,\nfriend ");

        assertEquals(List.of("Hello", "  there,", "\nfriend", " "), Answers.texts(events));
        assertEquals(finished(FinishReason.STOP, new Usage(4, 0, 0, 4, 0, 0)), events.getLast());
    }

    @Test
    void saysThinksAndReportsUsage() throws InterruptedException {
        List<ModelEvent> events =
                answer(
                        "/script\nthink let me see\nsay Hello\\n\nsay you\nusage in=7 out=9 cached=2");

        assertEquals("Hello\n you", Answers.text(events));
        assertEquals(3, events.stream().filter(ModelEvent.Reasoning.class::isInstance).count());
        assertEquals(finished(FinishReason.STOP, new Usage(7, 2, 0, 9, 0, 0)), events.getLast());
    }

    @Test
    void streamsAsManyWordsAsAsked() throws InterruptedException {
        List<ModelEvent> events = answer("/script\nwords 500");

        assertEquals(500, Answers.texts(events).size());
        assertTrue(Answers.text(events).endsWith("word499 word500"));
    }

    @Test
    void endsAtTheMostTokens() throws InterruptedException {
        List<ModelEvent> events = answer(Question.ask("one two three").maxTokens(2));

        assertEquals(List.of("one", " two"), Answers.texts(events));
        assertEquals(finished(FinishReason.LENGTH, new Usage(3, 0, 0, 2, 0, 0)), events.getLast());
    }

    @Test
    void endsBeforeAStopThatIsSpreadOverWords() throws InterruptedException {
        List<ModelEvent> events = answer(Question.ask("one two END now three").stop("END now"));

        assertEquals("one two ", Answers.text(events));
        ModelEvent.Finished end = Answers.end(events);
        assertEquals(Optional.of("END now"), end.stopSequence());
    }

    @Test
    void callsOfferedToolsInParallelAndSkipsOthers() throws InterruptedException {
        String script = "/script\ncall weather {\"city\":\"Paris\"}\ncall unknown {}\ncall clock";

        List<ModelEvent> events = answer(Question.ask(script).tools("weather", "clock"));

        assertEquals(
                List.of("weather", "clock"),
                events.stream()
                        .filter(ModelEvent.ToolCall.class::isInstance)
                        .map(event -> ((ModelEvent.ToolCall) event).name())
                        .toList());
        assertEquals("{\"city\":\"Paris\"}", arguments(events, 0));
        assertEquals("{}", arguments(events, 1));
        assertEquals(FinishReason.TOOL_CALLS, Answers.end(events).reason());
    }

    @Test
    void callsOneToolWhereOnlyOneMayBeCalled() throws InterruptedException {
        Question question =
                Question.ask("/script\ncall a\ncall b").tools("a", "b").oneToolAtATime();

        assertEquals("{}", arguments(answer(question), 0));
        assertEquals("", arguments(answer(question), 1));
    }

    @Test
    void callsAToolThatWasNotOfferedWhenTold() throws InterruptedException {
        List<ModelEvent> events = answer("/script\ncall! rogue {}");

        assertTrue(events.stream().anyMatch(ModelEvent.ToolCall.class::isInstance));
    }

    @Test
    void answersToolResultsWithTheNextPartOfTheScript() throws InterruptedException {
        String script = "/script\ncall clock\nthen\nsay It is late";

        List<ModelEvent> first = answer(Question.ask(script).tools("clock"));
        List<ModelEvent> second = answer(answeredOnce(script));

        assertEquals(FinishReason.TOOL_CALLS, Answers.end(first).reason());
        assertEquals("It is late", Answers.text(second));
    }

    @Test
    void saysToolResultsBackWhereTheScriptIsOver() throws InterruptedException {
        List<ModelEvent> events = answer(answeredOnce("/script\ncall clock"));

        assertEquals("noon exactly", Answers.text(events));
    }

    @Test
    void repeatsTheLastAnswerWhenTold() throws InterruptedException {
        List<ModelEvent> events = answer(answeredOnce("/script\ncall clock\nrepeat"));

        assertEquals(FinishReason.TOOL_CALLS, Answers.end(events).reason());
    }

    @Test
    void runsToolsOfItsOwn() throws InterruptedException {
        List<ModelEvent> events =
                answer("/script\nprovider-tool Bash {\"command\": \"ls\"} => a.txt b.txt");

        ModelEvent.ProviderToolUse use =
                (ModelEvent.ProviderToolUse)
                        events.stream()
                                .filter(ModelEvent.ProviderToolUse.class::isInstance)
                                .findFirst()
                                .orElseThrow();
        assertEquals("{\"command\": \"ls\"}", use.inputJson());
        assertTrue(
                events.contains(
                        new ModelEvent.ProviderToolResult(use.id(), "Bash", "a.txt b.txt", false)));
        assertEquals(FinishReason.STOP, Answers.end(events).reason());
    }

    @Test
    void finishesRefusesAndStopsAsScripted() throws InterruptedException {
        assertEquals(FinishReason.LENGTH, end("/script\nfinish length").reason());
        assertEquals(Optional.of("not that"), end("/script\nrefuse not that").refusal());
        assertEquals(Optional.of("###"), end("/script\nstop-sequence ###").stopSequence());
    }

    @Test
    void failsBeforeItsHeaders() {
        Failure failure =
                assertThrows(
                        Failure.class,
                        () ->
                                provider.prepare(
                                                ask(
                                                        "/script\nfail rate_limited retry-after 2s"
                                                                + " before-headers"))
                                        .open());

        assertEquals(FailureCode.RATE_LIMITED, failure.code());
        assertEquals(Optional.of(Duration.ofSeconds(2)), failure.retryAfter());
    }

    @Test
    void failsBeforeTheFirstTokenAndInText() throws InterruptedException {
        try (ModelStream stream = provider.prepare(ask("/script\nfail overloaded")).open()) {
            assertThrows(Failure.class, stream::next);
        }
        List<ModelEvent> before = new ArrayList<>();
        try (ModelStream stream =
                provider.prepare(ask("/script\nfail upstream_error after 3 words")).open()) {
            Failure failure =
                    assertThrows(
                            Failure.class,
                            () -> {
                                while (true) {
                                    before.add(stream.next());
                                }
                            });
            assertEquals(FailureCode.UPSTREAM_ERROR, failure.code());
        }
        assertEquals(3, Answers.texts(before).size());
    }

    @Test
    void waitsBeforeEachWordAsScripted() throws InterruptedException {
        List<Duration> waits = new ArrayList<>();
        Pause noted =
                (closed, wait) -> {
                    waits.add(wait);
                    return closed.getCount() == 0;
                };
        ScriptedProvider paced =
                new ScriptedProvider(Map.of(), Duration.ofMillis(5), noted, ScriptedObserver.NONE);

        Answers.answer(paced, Question.ask("/script\nsay a b\npace 20ms\nsay c"));

        assertEquals(
                List.of(Duration.ofMillis(5), Duration.ofMillis(5), Duration.ofMillis(20)), waits);
    }

    @Test
    void aModelsNameCanStandForAScript() throws InterruptedException {
        ScriptedProvider named =
                new ScriptedProvider(
                        Map.of("test", "say scripted"),
                        Duration.ZERO,
                        Pause.REAL,
                        ScriptedObserver.NONE);

        assertEquals(List.of("scripted"), Answers.texts(Answers.answer(named, Question.ask("hi"))));
    }

    @Test
    void namesTheLineThatCannotBeRead() {
        Failure failure =
                assertThrows(
                        Failure.class, () -> provider.prepare(ask("/script\nsay a\ndance now")));

        assertEquals(Optional.of("messages"), failure.param());
        assertTrue(failure.text().endsWith("dance now"));
    }

    @Test
    void callsTheToolThatMustBeCalled() throws InterruptedException {
        Question question = Question.ask("hi").tools("clock").choose(new ToolChoice.Required());

        List<ModelEvent> events = answer(question);

        assertTrue(events.stream().anyMatch(ModelEvent.ToolCall.class::isInstance));
    }

    @Test
    void tellsItsObserverWhatAnUpstreamWouldSee() throws InterruptedException {
        ObservedCalls calls = new ObservedCalls();
        ScriptedProvider observed =
                new ScriptedProvider(Map.of(), Duration.ZERO, Pause.REAL, calls);

        try (ModelStream stream = observed.prepare(ask("a b c")).open()) {
            stream.next();
            stream.next();
        }

        assertEquals(1, calls.askedCount());
        assertEquals(1, calls.openedCount());
        assertEquals(2, calls.producedCount());
        assertEquals(1, calls.closedCount());
        calls.awaitClosed(Duration.ofSeconds(1));
    }

    @Test
    void anInterruptBeforeTheHeadersEndsTheCall() throws InterruptedException {
        ObservedCalls calls = new ObservedCalls();
        ScriptedProvider observed =
                new ScriptedProvider(Map.of(), Duration.ZERO, Pause.REAL, calls);
        Thread caller =
                Thread.ofVirtual()
                        .start(
                                () ->
                                        assertThrows(
                                                InterruptedException.class,
                                                () ->
                                                        observed.prepare(
                                                                        ask(
                                                                                "/script\nhang"
                                                                                        + " before-headers"))
                                                                .open()));
        calls.awaitAsked(Duration.ofSeconds(5));

        caller.interrupt();

        calls.awaitClosed(Duration.ofSeconds(5));
        assertEquals(0, calls.openedCount());
        caller.join();
    }

    private List<ModelEvent> answer(String question) throws InterruptedException {
        return answer(Question.ask(question));
    }

    private List<ModelEvent> answer(Question question) throws InterruptedException {
        return Answers.answer(provider, question);
    }

    private ModelEvent.Finished end(String question) throws InterruptedException {
        return Answers.end(answer(question));
    }

    private static ModelRequest ask(String question) {
        return Question.ask(question).request();
    }

    private static Question answeredOnce(String script) {
        Content.ToolUse use = new Content.ToolUse("call_1_0", "clock", "{}");
        Content.ToolResult result =
                new Content.ToolResult(
                        "call_1_0", List.of(new Content.Text("noon exactly")), false);
        return Question.ask(script)
                .tools("clock")
                .then(new Message(Role.ASSISTANT, List.of(use)))
                .then(new Message(Role.TOOL, List.of(result)));
    }

    private static String arguments(List<ModelEvent> events, int index) {
        StringBuilder json = new StringBuilder();
        for (ModelEvent event : events) {
            if (event instanceof ModelEvent.ToolArguments(int call, String fragment)
                    && call == index) {
                json.append(fragment);
            }
        }
        return json.toString();
    }

    private static ModelEvent.Finished finished(FinishReason reason, Usage usage) {
        return new ModelEvent.Finished(
                reason, Optional.empty(), Optional.empty(), usage, Optional.empty());
    }
}
