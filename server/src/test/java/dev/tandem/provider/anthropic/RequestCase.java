package dev.tandem.provider.anthropic;

import dev.tandem.conversation.AnswerFormat;
import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Message.Original;
import dev.tandem.conversation.Role;
import dev.tandem.conversation.ToolChoice;
import dev.tandem.conversation.ToolSpec;
import dev.tandem.provider.ModelLimits;
import dev.tandem.provider.ModelRequest;
import dev.tandem.provider.ModelRequest.Options;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A request for a test, built up from "Hello" to claude-sonnet-4-6.
final class RequestCase {
    static final ToolSpec WEATHER =
            new ToolSpec(
                    "weather",
                    Optional.of("Tells the weather."),
                    "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}",
                    Optional.empty());

    private final String name;
    private String model = "claude-sonnet-4-6";
    private Optional<String> system = Optional.empty();
    private final List<Message> messages = new ArrayList<>();
    private final List<ToolSpec> tools = new ArrayList<>();
    private Optional<ToolChoice> choice = Optional.empty();
    private Optional<Long> maxTokens = Optional.empty();
    private Optional<Boolean> parallel = Optional.empty();
    private Optional<Double> temperature = Optional.empty();
    private Optional<Double> topP = Optional.empty();
    private List<String> stop = List.of();
    private AnswerFormat format = new AnswerFormat.Text();
    private Optional<String> effort = Optional.empty();
    private final Map<String, String> metadata = new HashMap<>();
    private final Map<String, String> extra = new HashMap<>();
    private boolean kept;

    private RequestCase(String name) {
        this.name = name;
    }

    static RequestCase of(String name) {
        return new RequestCase(name);
    }

    RequestCase model(String id) {
        model = id;
        return this;
    }

    RequestCase system(String text) {
        system = Optional.of(text);
        return this;
    }

    RequestCase says(Role role, Content... content) {
        messages.add(new Message(role, List.of(content)));
        return this;
    }

    RequestCase says(Role role, String text) {
        messages.add(Message.text(role, text));
        return this;
    }

    RequestCase answered(String provider, String by, String json, Content... content) {
        messages.add(
                new Message(
                        Role.ASSISTANT,
                        List.of(content),
                        Optional.empty(),
                        Optional.of(new Original(provider, by, json))));
        return this;
    }

    RequestCase named(String speaker) {
        Message last = messages.removeLast();
        messages.add(
                new Message(last.role(), last.content(), Optional.of(speaker), Optional.empty()));
        return this;
    }

    RequestCase calls(String id, String argumentsJson) {
        return says(Role.ASSISTANT, new Content.ToolUse(id, "weather", argumentsJson));
    }

    RequestCase result(String id, Content... content) {
        return says(Role.TOOL, new Content.ToolResult(id, List.of(content), false));
    }

    RequestCase tool(ToolSpec tool) {
        tools.add(tool);
        return this;
    }

    RequestCase choice(ToolChoice of) {
        choice = Optional.of(of);
        return this;
    }

    RequestCase maxTokens(long tokens) {
        maxTokens = Optional.of(tokens);
        return this;
    }

    RequestCase parallel(boolean allowed) {
        parallel = Optional.of(allowed);
        return this;
    }

    RequestCase temperature(double value) {
        temperature = Optional.of(value);
        return this;
    }

    RequestCase topP(double value) {
        topP = Optional.of(value);
        return this;
    }

    RequestCase stop(String... texts) {
        stop = List.of(texts);
        return this;
    }

    RequestCase format(AnswerFormat of) {
        format = of;
        return this;
    }

    RequestCase effort(String word) {
        effort = Optional.of(word);
        return this;
    }

    RequestCase metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    RequestCase extra(String parameter, String json) {
        extra.put(parameter, json);
        return this;
    }

    RequestCase kept() {
        kept = true;
        return this;
    }

    ModelRequest request() {
        return new ModelRequest(
                model,
                new ModelLimits(200_000, 64_000),
                system,
                messages.isEmpty() ? List.of(Message.text(Role.USER, "Hello")) : messages,
                tools,
                choice,
                maxTokens,
                new Options(parallel, temperature, topP, stop, format, effort, metadata, extra),
                kept);
    }

    @Override
    public String toString() {
        return name;
    }
}
