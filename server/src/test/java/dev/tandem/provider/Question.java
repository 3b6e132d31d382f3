package dev.tandem.provider;

import dev.tandem.conversation.AnswerFormat;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.conversation.ToolChoice;
import dev.tandem.conversation.ToolSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A request for tests, of which a test says only what it is about.
public final class Question {
    private final List<Message> messages = new ArrayList<>();
    private final Map<String, String> extraJson = new HashMap<>();
    private String model = "test";
    private Optional<String> system = Optional.empty();
    private List<ToolSpec> tools = List.of();
    private Optional<ToolChoice> toolChoice = Optional.empty();
    private Optional<Long> maxTokens = Optional.empty();
    private Optional<Double> temperature = Optional.empty();
    private List<String> stop = List.of();
    private AnswerFormat format = new AnswerFormat.Text();
    private Optional<Boolean> parallel = Optional.empty();

    private Question(Message message) {
        messages.add(message);
    }

    public static Question ask(String text) {
        return new Question(Message.text(Role.USER, text));
    }

    public static Question of(Message message) {
        return new Question(message);
    }

    public Question then(Message message) {
        messages.add(message);
        return this;
    }

    public Question then(Role role, String text) {
        return then(Message.text(role, text));
    }

    public Question model(String name) {
        model = name;
        return this;
    }

    public Question system(String text) {
        system = Optional.of(text);
        return this;
    }

    public Question tools(String... names) {
        tools =
                Arrays.stream(names)
                        .map(name -> new ToolSpec(name, Optional.empty(), "{}", Optional.empty()))
                        .toList();
        return this;
    }

    public Question choose(ToolChoice choice) {
        toolChoice = Optional.of(choice);
        return this;
    }

    public Question oneToolAtATime() {
        parallel = Optional.of(false);
        return this;
    }

    public Question maxTokens(long max) {
        maxTokens = Optional.of(max);
        return this;
    }

    public Question temperature(double value) {
        temperature = Optional.of(value);
        return this;
    }

    public Question stop(String... texts) {
        stop = List.of(texts);
        return this;
    }

    public Question format(AnswerFormat wanted) {
        format = wanted;
        return this;
    }

    public Question extra(String name, String json) {
        extraJson.put(name, json);
        return this;
    }

    public ModelRequest request() {
        return new ModelRequest(
                model,
                new ModelLimits(0, 1000),
                system,
                messages,
                tools,
                toolChoice,
                maxTokens,
                new ModelRequest.Options(
                        parallel,
                        temperature,
                        Optional.empty(),
                        stop,
                        format,
                        Optional.empty(),
                        Map.of(),
                        extraJson),
                false);
    }
}
