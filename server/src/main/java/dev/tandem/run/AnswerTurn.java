package dev.tandem.run;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Message.Original;
import dev.tandem.conversation.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// What a model says at once, until it is asked again, with what its calls of this server's tools
/// have answered. Belongs to one thread.
final class AnswerTurn {
    /// What stands between the texts of two turns, where they are read as one.
    private static final String BREAK = RunEvent.TURN_BREAK;

    private final boolean later;
    final StringBuilder reasoning = new StringBuilder();
    final StringBuilder text = new StringBuilder();
    private final List<Call> calls = new ArrayList<>();
    private final Map<String, Content.ToolResult> results = new LinkedHashMap<>();

    /// A call.
    ///
    /// @param server whether this server runs it
    record Call(String id, String name, boolean server, StringBuilder arguments) {
        Content.ToolUse whole() {
            return new Content.ToolUse(id, name, arguments.isEmpty() ? "{}" : arguments.toString());
        }

        Content.ToolUse soFar() {
            return new Content.ToolUse(id, name, arguments.toString());
        }
    }

    /// @param later whether a turn came before it
    AnswerTurn(boolean later) {
        this.later = later;
    }

    Call begin(String id, String name, boolean server) {
        Call call = new Call(id, name, server, new StringBuilder());
        calls.add(call);
        return call;
    }

    /// Notes an answer. Whether it is that of a call of this turn.
    boolean answered(RunEvent.ToolResult result) {
        boolean known = calls.stream().anyMatch(call -> call.id().equals(result.id()));
        if (known) {
            results.put(
                    result.id(),
                    new Content.ToolResult(result.id(), result.output(), result.failed()));
        }
        return known;
    }

    boolean isEmpty() {
        return reasoning.isEmpty() && text.isEmpty() && calls.isEmpty();
    }

    /// The messages of a turn that is whole: what the model said, and what its calls answered.
    List<Message> whole(Optional<Original> original, Optional<String> refusal) {
        List<Content> content = said();
        calls.forEach(call -> content.add(call.whole()));
        refusal.ifPresent(why -> content.add(new Content.Refusal(why)));
        return messages(content, original);
    }

    /// The messages of a turn that was cut off. Calls without an answer may lack arguments, so they
    /// are left out.
    List<Message> fragment() {
        List<Content> content = said();
        Predicate<Call> isAnswered = call -> results.containsKey(call.id());
        calls.stream().filter(isAnswered).forEach(call -> content.add(call.whole()));
        boolean silent = text.isEmpty() && results.isEmpty();
        return silent ? List.of() : messages(content, Optional.empty());
    }

    private List<Message> messages(List<Content> content, Optional<Original> original) {
        List<Message> messages = new ArrayList<>();
        if (!content.isEmpty() || original.isPresent()) {
            messages.add(new Message(Role.ASSISTANT, content, Optional.empty(), original));
        }
        for (Call call : calls) {
            Optional.ofNullable(results.get(call.id()))
                    .map(answer -> new Message(Role.TOOL, List.of(answer)))
                    .ifPresent(messages::add);
        }
        return messages;
    }

    private List<Content> said() {
        List<Content> content = new ArrayList<>();
        if (!reasoning.isEmpty()) {
            content.add(new Content.Reasoning(reasoning.toString()));
        }
        if (!text.isEmpty()) {
            boolean broken = later && text.indexOf(BREAK) == 0;
            content.add(new Content.Text(text.substring(broken ? BREAK.length() : 0)));
        }
        return content;
    }
}
