package dev.tandem.provider.scripted;

import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.conversation.ToolChoice;
import dev.tandem.provider.ModelRequest;
import dev.tandem.provider.PreparedCall;
import dev.tandem.provider.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Answers by script, for tests and demos. A user message that starts with `/script` holds the
/// script in the lines after it; else the model's name may stand for one; else the last message
/// is said back, word by word. [Script] is the language.
public final class ScriptedProvider implements Provider {
    private static final String MARK = "/script";

    private final Map<String, Script> models;
    private final Duration pace;
    private final Pause pause;
    private final ScriptedObserver observer;

    /// One that echoes at once and is not watched.
    public ScriptedProvider() {
        this(Map.of(), Duration.ZERO, Pause.REAL, ScriptedObserver.NONE);
    }

    /// One that follows a script by the name of the model.
    ///
    /// @param models scripts by the name of the model that follows them
    /// @param pace the wait before each word where a script says nothing else
    public ScriptedProvider(
            Map<String, String> models, Duration pace, Pause pause, ScriptedObserver observer) {
        this.models =
                models.entrySet().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Map.Entry::getKey,
                                        entry -> Script.parse(entry.getValue())));
        this.pace = pace;
        this.pause = pause;
        this.observer = observer;
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public PreparedCall prepare(ModelRequest request) {
        return new ScriptedRequest(request, steps(request), pace, pause, observer);
    }

    private List<Step> steps(ModelRequest request) {
        int asked = lastUserMessage(request.messages());
        String question = asked < 0 ? "" : request.messages().get(asked).text();
        Script script =
                question.startsWith(MARK)
                        ? Script.parse(question.substring(MARK.length()))
                        : models.getOrDefault(request.model(), new Script(List.of(), false));
        return script.answer(round(request.messages(), asked)).orElseGet(() -> unscripted(request));
    }

    /// Calls the tool that must be called, else echoes.
    private static List<Step> unscripted(ModelRequest request) {
        ToolChoice choice = request.toolChoice().orElse(new ToolChoice.Auto());
        return switch (choice) {
            case ToolChoice.Auto _, ToolChoice.None _ -> echo(request.messages());
            case ToolChoice.Required _ ->
                    request.tools().stream()
                            .limit(1)
                            .<Step>map(tool -> new Step.Call(tool.name(), "{}", false))
                            .toList();
            case ToolChoice.Named(String name) -> List.of(new Step.Call(name, "{}", false));
        };
    }

    private static List<Step> echo(List<Message> messages) {
        return messages.isEmpty()
                ? List.of()
                : Script.saying(ScriptedRequest.textOf(messages.getLast()));
    }

    private static int lastUserMessage(List<Message> messages) {
        for (int index = messages.size() - 1; index >= 0; index--) {
            if (messages.get(index).role() == Role.USER) {
                return index;
            }
        }
        return -1;
    }

    private static int round(List<Message> messages, int asked) {
        return (int)
                messages.subList(asked + 1, messages.size()).stream()
                        .filter(message -> message.role() == Role.ASSISTANT)
                        .count();
    }
}
