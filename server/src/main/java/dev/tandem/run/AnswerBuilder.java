package dev.tandem.run;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Message.Original;
import dev.tandem.conversation.Role;
import dev.tandem.run.AnswerTurn.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Folds the events of a run into what they make: one message, as a client reads them, and the
/// messages that a session keeps, one for each turn. Belongs to one thread.
public final class AnswerBuilder {
    private final List<Message> before = new ArrayList<>();
    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder text = new StringBuilder();

    /// The client's, by index.
    private final List<Call> clientCalls = new ArrayList<>();

    private final Map<String, Call> serverCalls = new HashMap<>();
    private AnswerTurn turn = new AnswerTurn(false);
    private Optional<String> refusal = Optional.empty();

    /// Of tools that a provider ran.
    private int outputs;

    public void add(RunEvent event) {
        switch (event) {
            case RunEvent.Text(String more) -> {
                text.append(more);
                turn.text.append(more);
            }
            case RunEvent.Reasoning(String more) -> {
                reasoning.append(more);
                turn.reasoning.append(more);
            }
            case RunEvent.ToolCall(int _, String id, String name) ->
                    clientCalls.add(turn.begin(id, name, false));
            case RunEvent.ToolArguments(int index, String fragment) ->
                    clientCalls.get(index).arguments().append(fragment);
            case RunEvent.ServerCall call ->
                    serverCalls.put(call.id(), turn.begin(call.id(), call.name(), true));
            case RunEvent.ServerArguments(String id, String fragment) ->
                    Optional.ofNullable(serverCalls.get(id))
                            .ifPresent(call -> call.arguments().append(fragment));
            case RunEvent.ToolUse _ -> outputs++;
            case RunEvent.ToolResult result -> {
                boolean _ = turn.answered(result);
                outputs++;
            }
            case RunEvent.TurnStarted started -> {
                before.addAll(turn.whole(started.original(), Optional.empty()));
                turn = new AnswerTurn(true);
            }
            case RunEvent.Completed completed -> refusal = completed.refusal();
            case RunEvent.Queued _,
                    RunEvent.Started _,
                    RunEvent.CallProgress _,
                    RunEvent.ApprovalAsked _,
                    RunEvent.ApprovalDecided _,
                    RunEvent.Warned _,
                    RunEvent.End _ -> {}
        }
    }

    /// Whether the model has said anything at all.
    public boolean isEmpty() {
        return before.isEmpty() && turn.isEmpty() && refusal.isEmpty() && outputs == 0;
    }

    /// Whether the model has said text, in any turn.
    public boolean hasText() {
        return !text.isEmpty();
    }

    /// The whole message as a client reads it, of a run that has completed.
    public Message message() {
        List<Content> content = said(Call::whole);
        refusal.ifPresent(why -> content.add(new Content.Refusal(why)));
        return new Message(Role.ASSISTANT, content);
    }

    /// The message so far, to which the pieces that follow can be appended: the arguments of a call
    /// may be half of their JSON, or no text at all.
    public Message soFar() {
        return new Message(Role.ASSISTANT, said(Call::soFar));
    }

    /// The client's calls that have no text as arguments, by index.
    public List<Integer> callsWithoutArguments() {
        return IntStream.range(0, clientCalls.size())
                .filter(index -> clientCalls.get(index).arguments().isEmpty())
                .boxed()
                .toList();
    }

    /// The messages of the turns before the one that is at work.
    public List<Message> messagesBefore() {
        return List.copyOf(before);
    }

    /// The messages that a session keeps of a run that has completed.
    ///
    /// @param original the last turn in the provider's own form
    public List<Message> messages(Optional<Original> original) {
        List<Message> all = new ArrayList<>(before);
        List<Message> last = turn.whole(original, refusal);
        all.addAll(last.isEmpty() && all.isEmpty() ? List.of(message()) : last);
        return all;
    }

    /// The messages that a session keeps of a run that did not complete; none where nothing was
    /// said that can be kept.
    public List<Message> fragments() {
        List<Message> all = new ArrayList<>(before);
        all.addAll(turn.fragment());
        return all;
    }

    private List<Content> said(Function<Call, Content.ToolUse> call) {
        List<Content> content = new ArrayList<>();
        if (!reasoning.isEmpty()) {
            content.add(new Content.Reasoning(reasoning.toString()));
        }
        if (!text.isEmpty()) {
            content.add(new Content.Text(text.toString()));
        }
        clientCalls.forEach(one -> content.add(call.apply(one)));
        return content;
    }
}
