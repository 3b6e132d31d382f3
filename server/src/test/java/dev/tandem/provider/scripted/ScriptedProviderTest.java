package dev.tandem.provider.scripted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.FinishReason;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.conversation.ToolChoice;
import dev.tandem.conversation.ToolSpec;
import dev.tandem.conversation.Usage;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.provider.ModelEvent;
import dev.tandem.provider.ModelLimits;
import dev.tandem.provider.ModelRequest;
import dev.tandem.provider.ModelStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ScriptedProviderTest {
    private final ScriptedProvider provider = new ScriptedProvider();

    @Test
    void echoesTheLastMessageWordByWord() throws InterruptedException {
        List<ModelEvent> events = answer("Hello  there,\nfriend ");

        assertEquals(List.of("Hello", "  there,", "\nfriend", " "), texts(events));
        assertEquals(finished(FinishReason.STOP, new Usage(4, 0, 0, 4, 0, 0)), events.getLast());
    }

    @Test
    void saysThinksAndReportsUsage() throws InterruptedException {
        List<ModelEvent> events =
                answer(
                        "/script\nthink let me see\nsay Hello\\n\nsay you\nusage in=7 out=9 cached=2");

        assertEquals("Hello\n you", String.join("", texts(events)));
        assertEquals(3, events.stream().filter(ModelEvent.Reasoning.class::isInstance).count());
        assertEquals(finished(FinishReason.STOP, new Usage(7, 2, 0, 9, 0, 0)), events.getLast());
    }

    @Test
    void streamsAsManyWordsAsAsked() throws InterruptedException {
        List<ModelEvent> events = answer("/script\nwords 500");

        assertEquals(500, texts(events).size());
        assertTrue(String.join("", texts(events)).endsWith("word499 word500"));
    }

    @Test
    void endsAtTheMostTokens() throws InterruptedException {
        List<ModelEvent> events = read(with(ask("one two three"), Optional.of(2L), List.of()));

        assertEquals(List.of("one", " two"), texts(events));
        assertEquals(finished(FinishReason.LENGTH, new Usage(3, 0, 0, 2, 0, 0)), events.getLast());
    }

    @Test
    void endsBeforeAStopThatIsSpreadOverWords() throws InterruptedException {
        List<ModelEvent> events =
                read(with(ask("one two END now three"), Optional.empty(), List.of("END now")));

        assertEquals("one two ", String.join("", texts(events)));
        ModelEvent.Finished end = (ModelEvent.Finished) events.getLast();
        assertEquals(Optional.of("END now"), end.stopSequence());
    }

    @Test
    void callsOfferedToolsInParallelAndSkipsOthers() throws InterruptedException {
        ModelRequest request =
                withTools(
                        ask(
                                "/script\ncall weather {\"city\":\"Paris\"}\ncall unknown {}\n"
                                        + "call clock"),
                        "weather",
                        "clock");

        List<ModelEvent> events = read(request);

        assertEquals(
                List.of("weather", "clock"),
                events.stream()
                        .filter(ModelEvent.ToolCall.class::isInstance)
                        .map(event -> ((ModelEvent.ToolCall) event).name())
                        .toList());
        assertEquals("{\"city\":\"Paris\"}", arguments(events, 0));
        assertEquals("{}", arguments(events, 1));
        assertEquals(FinishReason.TOOL_CALLS, ((ModelEvent.Finished) events.getLast()).reason());
    }

    @Test
    void callsAToolThatWasNotOfferedWhenTold() throws InterruptedException {
        List<ModelEvent> events = answer("/script\ncall! rogue {}");

        assertTrue(events.stream().anyMatch(ModelEvent.ToolCall.class::isInstance));
    }

    @Test
    void answersToolResultsWithTheNextPartOfTheScript() throws InterruptedException {
        String script = "/script\ncall clock\nthen\nsay It is late";

        List<ModelEvent> first = read(withTools(ask(script), "clock"));
        List<ModelEvent> second = read(withTools(answeredOnce(script), "clock"));

        assertEquals(FinishReason.TOOL_CALLS, ((ModelEvent.Finished) first.getLast()).reason());
        assertEquals("It is late", String.join("", texts(second)));
    }

    @Test
    void saysToolResultsBackWhereTheScriptIsOver() throws InterruptedException {
        List<ModelEvent> events = read(withTools(answeredOnce("/script\ncall clock"), "clock"));

        assertEquals("noon exactly", String.join("", texts(events)));
    }

    @Test
    void repeatsTheLastAnswerWhenTold() throws InterruptedException {
        ModelRequest request = withTools(answeredOnce("/script\ncall clock\nrepeat"), "clock");

        assertEquals(
                FinishReason.TOOL_CALLS, ((ModelEvent.Finished) read(request).getLast()).reason());
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
        assertEquals(FinishReason.STOP, ((ModelEvent.Finished) events.getLast()).reason());
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
        assertEquals(3, texts(before).size());
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

        ModelStream stream = paced.prepare(ask("/script\nsay a b\npace 20ms\nsay c")).open();
        readAll(stream);

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

        assertEquals(List.of("scripted"), texts(readAll(named.prepare(ask("hi")).open())));
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
        ModelRequest request = withTools(ask("hi"), "clock");
        ModelRequest required =
                new ModelRequest(
                        request.model(),
                        request.limits(),
                        request.system(),
                        request.messages(),
                        request.tools(),
                        Optional.of(new ToolChoice.Required()),
                        request.maxTokens(),
                        request.options(),
                        false);

        assertTrue(read(required).stream().anyMatch(ModelEvent.ToolCall.class::isInstance));
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
        return read(ask(question));
    }

    private ModelEvent.Finished end(String question) throws InterruptedException {
        return (ModelEvent.Finished) answer(question).getLast();
    }

    private List<ModelEvent> read(ModelRequest request) throws InterruptedException {
        return readAll(provider.prepare(request).open());
    }

    private static List<ModelEvent> readAll(ModelStream stream) throws InterruptedException {
        try (stream) {
            List<ModelEvent> events = new ArrayList<>();
            do {
                events.add(stream.next());
            } while (!(events.getLast() instanceof ModelEvent.Finished));
            return events;
        }
    }

    private static List<String> texts(List<ModelEvent> events) {
        return events.stream()
                .filter(ModelEvent.Text.class::isInstance)
                .map(event -> ((ModelEvent.Text) event).text())
                .toList();
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

    private static ModelEvent finished(FinishReason reason, Usage usage) {
        return new ModelEvent.Finished(
                reason, Optional.empty(), Optional.empty(), usage, Optional.empty());
    }

    private static ModelRequest ask(String question) {
        return request(List.of(Message.text(Role.USER, question)));
    }

    private static ModelRequest answeredOnce(String script) {
        Content.ToolUse use = new Content.ToolUse("call_1_0", "clock", "{}");
        Content.ToolResult result =
                new Content.ToolResult(
                        "call_1_0", List.of(new Content.Text("noon exactly")), false);
        return request(
                List.of(
                        Message.text(Role.USER, script),
                        new Message(Role.ASSISTANT, List.of(use)),
                        new Message(Role.TOOL, List.of(result))));
    }

    private static ModelRequest request(List<Message> messages) {
        return new ModelRequest(
                "test",
                new ModelLimits(0, 1000),
                Optional.empty(),
                messages,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                ModelRequest.Options.NONE,
                false);
    }

    private static ModelRequest withTools(ModelRequest request, String... names) {
        List<ToolSpec> tools =
                Arrays.stream(names)
                        .map(name -> new ToolSpec(name, Optional.empty(), "{}", Optional.empty()))
                        .toList();
        return new ModelRequest(
                request.model(),
                request.limits(),
                request.system(),
                request.messages(),
                tools,
                request.toolChoice(),
                request.maxTokens(),
                request.options(),
                false);
    }

    private static ModelRequest with(
            ModelRequest request, Optional<Long> maxTokens, List<String> stop) {
        ModelRequest.Options none = ModelRequest.Options.NONE;
        return new ModelRequest(
                request.model(),
                request.limits(),
                request.system(),
                request.messages(),
                request.tools(),
                request.toolChoice(),
                maxTokens,
                new ModelRequest.Options(
                        none.parallelToolCalls(),
                        none.temperature(),
                        none.topP(),
                        stop,
                        none.format(),
                        none.reasoningEffort(),
                        none.metadata(),
                        none.extraJson()),
                false);
    }
}
