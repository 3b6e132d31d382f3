package dev.tandem.run;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Message.Original;
import dev.tandem.conversation.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Folds the events of a run into the message that they make. Belongs to one thread.
public final class AnswerBuilder {
    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private final List<Call> calls = new ArrayList<>();
    private Optional<String> refusal = Optional.empty();
    private int outputs;

    private record Call(String id, String name, StringBuilder arguments) {
        Content.ToolUse whole() {
            return new Content.ToolUse(id, name, arguments.isEmpty() ? "{}" : arguments.toString());
        }

        Content.ToolUse soFar() {
            return new Content.ToolUse(id, name, arguments.toString());
        }
    }

    public void add(RunEvent event) {
        switch (event) {
            case RunEvent.Text(String more) -> text.append(more);
            case RunEvent.Reasoning(String more) -> reasoning.append(more);
            case RunEvent.ToolCall(int _, String id, String name) ->
                    calls.add(new Call(id, name, new StringBuilder()));
            case RunEvent.ToolArguments(int index, String fragment) ->
                    calls.get(index).arguments().append(fragment);
            case RunEvent.Completed completed -> refusal = completed.refusal();
            case RunEvent.ToolUse _, RunEvent.ToolResult _ -> outputs++;
            case RunEvent.Queued _, RunEvent.Started _, RunEvent.End _ -> {}
        }
    }

    /// Whether the model has said anything at all.
    public boolean isEmpty() {
        return text.isEmpty()
                && reasoning.isEmpty()
                && calls.isEmpty()
                && refusal.isEmpty()
                && outputs == 0;
    }

    /// The whole message, of a run that has completed.
    ///
    /// @param original the message in the provider's own form
    public Message message(Optional<Original> original) {
        List<Content> content = said();
        calls.forEach(call -> content.add(call.whole()));
        refusal.ifPresent(why -> content.add(new Content.Refusal(why)));
        return new Message(Role.ASSISTANT, content, Optional.empty(), original);
    }

    /// The message so far, to which the pieces that follow can be appended: the arguments of a call
    /// may be half of their JSON, or no text at all.
    public Message soFar() {
        List<Content> content = said();
        calls.forEach(call -> content.add(call.soFar()));
        return new Message(Role.ASSISTANT, content);
    }

    /// The calls that have no text as arguments, by index.
    public List<Integer> callsWithoutArguments() {
        return IntStream.range(0, calls.size())
                .filter(index -> calls.get(index).arguments().isEmpty())
                .boxed()
                .toList();
    }

    /// The message so far of a run that did not complete: calls may lack arguments, so there are
    /// none. Empty where nothing else was said.
    public Optional<Message> fragment() {
        return text.isEmpty() ? Optional.empty() : Optional.of(new Message(Role.ASSISTANT, said()));
    }

    private List<Content> said() {
        List<Content> content = new ArrayList<>();
        if (!reasoning.isEmpty()) {
            content.add(new Content.Reasoning(reasoning.toString()));
        }
        if (!text.isEmpty()) {
            content.add(new Content.Text(text.toString()));
        }
        return content;
    }
}
