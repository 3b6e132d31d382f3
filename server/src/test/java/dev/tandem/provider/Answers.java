package dev.tandem.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.conversation.Usage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads answers for tests.
public final class Answers {
    private Answers() {}

    /// Sends a request, reads its answer to the end and checks its grammar.
    public static List<ModelEvent> answer(Provider provider, Question question)
            throws InterruptedException {
        try (ModelStream stream = provider.prepare(question.request()).open()) {
            List<ModelEvent> events = new ArrayList<>();
            do {
                events.add(stream.next());
            } while (!(events.getLast() instanceof ModelEvent.Finished));
            checkGrammar(events);
            return events;
        }
    }

    public static List<String> texts(List<ModelEvent> events) {
        return events.stream()
                .filter(ModelEvent.Text.class::isInstance)
                .map(event -> ((ModelEvent.Text) event).text())
                .toList();
    }

    public static String text(List<ModelEvent> events) {
        return texts(events).stream().collect(Collectors.joining());
    }

    public static ModelEvent.Finished end(List<ModelEvent> events) {
        return (ModelEvent.Finished) events.getLast();
    }

    /// What every answer of every provider keeps to.
    public static void checkGrammar(List<ModelEvent> events) {
        int calls = 0;
        Set<Integer> whole = new HashSet<>();
        for (ModelEvent event : events.subList(0, events.size() - 1)) {
            switch (event) {
                case ModelEvent.Text(String text) -> assertFalse(text.isEmpty());
                case ModelEvent.Reasoning(String text) -> assertFalse(text.isEmpty());
                case ModelEvent.ToolCall call -> {
                    assertEquals(calls, call.index(), "calls are numbered from 0 without gaps");
                    calls++;
                }
                case ModelEvent.ToolArguments(int index, String fragment) -> {
                    assertTrue(index < calls, "arguments follow their call");
                    assertFalse(whole.contains(index), "nothing follows what is whole");
                    assertFalse(fragment.isEmpty());
                }
                case ModelEvent.ToolCallWhole(int index) -> {
                    assertTrue(index < calls, "a call is whole after it began");
                    assertTrue(whole.add(index), "a call is whole once");
                }
                case ModelEvent.UsageSoFar(Usage usage) -> checkUsage(usage);
                case ModelEvent.ProviderToolUse _, ModelEvent.ProviderToolResult _ -> {}
                case ModelEvent.Finished _ ->
                        throw new AssertionError("an answer finishes once: " + events);
            }
        }
        checkUsage(end(events).usage());
    }

    private static void checkUsage(Usage usage) {
        assertTrue(
                usage.inputTokens() >= 0
                        && usage.cacheReadTokens() >= 0
                        && usage.cacheWriteTokens() >= usage.cacheWriteHourTokens()
                        && usage.cacheWriteHourTokens() >= 0
                        && usage.outputTokens() >= usage.reasoningTokens()
                        && usage.reasoningTokens() >= 0,
                () -> "usage that cannot be: " + usage);
    }
}
