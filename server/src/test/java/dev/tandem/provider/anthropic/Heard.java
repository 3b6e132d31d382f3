package dev.tandem.provider.anthropic;

import dev.tandem.provider.ModelEvent;
import dev.tandem.provider.ModelRequest;
import dev.tandem.provider.ModelStream;
import dev.tandem.provider.Provider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// All events of an answer, read to the end.
record Heard(List<ModelEvent> events) {

    static Heard of(Provider provider, ModelRequest request) throws InterruptedException {
        List<ModelEvent> events = new ArrayList<>();
        try (ModelStream stream = provider.prepare(request).open()) {
            while (events.isEmpty() || !(events.getLast() instanceof ModelEvent.Finished)) {
                events.add(stream.next());
            }
        }
        return new Heard(events);
    }

    String text() {
        return events.stream()
                .map(event -> event instanceof ModelEvent.Text(String text) ? text : "")
                .collect(Collectors.joining());
    }

    String reasoning() {
        return events.stream()
                .map(event -> event instanceof ModelEvent.Reasoning(String text) ? text : "")
                .collect(Collectors.joining());
    }

    /// Each call as `id name arguments`.
    List<String> toolCalls() {
        Map<Integer, String> heads = new TreeMap<>();
        Map<Integer, String> arguments = new TreeMap<>();
        for (ModelEvent event : events) {
            if (event instanceof ModelEvent.ToolCall(int index, String id, String name)) {
                heads.put(index, id + " " + name + " ");
            } else if (event instanceof ModelEvent.ToolArguments(int index, String fragment)) {
                arguments.merge(index, fragment, String::concat);
            }
        }
        return heads.entrySet().stream()
                .map(head -> head.getValue() + compact(arguments.getOrDefault(head.getKey(), "{}")))
                .toList();
    }

    /// What the provider's own tools did: uses as `id name input`, results as `id name failed`.
    List<String> providerTools() {
        List<String> tools = new ArrayList<>();
        for (ModelEvent event : events) {
            if (event instanceof ModelEvent.ProviderToolUse(String id, String name, String input)) {
                tools.add(id + " " + name + " " + compact(input));
            } else if (event instanceof ModelEvent.ProviderToolResult result) {
                tools.add(result.id() + " " + result.name() + " " + result.failed());
            }
        }
        return tools;
    }

    private static String compact(String json) {
        try {
            return Json.MAPPER.readTree(json).toString();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    ModelEvent.Finished finished() {
        return (ModelEvent.Finished) events.getLast();
    }
}
