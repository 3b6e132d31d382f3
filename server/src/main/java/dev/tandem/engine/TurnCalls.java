package dev.tandem.engine;

import dev.tandem.provider.ModelEvent;
import dev.tandem.run.RunEvent;
import dev.tandem.toolbox.OfferedTool;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The calls of one turn. The client's are told to it, numbered without gaps whatever else the
/// model calls; this server's are handed on as soon as their arguments are whole. Belongs to the
/// run's thread.
final class TurnCalls {
    private final ServerTools.Offered offered;
    private final ToolRound round;
    private final Progress progress;
    private final boolean runs;
    private final Map<Integer, ServerCall> ours = new HashMap<>();
    private final Map<Integer, Integer> clientIndexes = new HashMap<>();

    private record ServerCall(String id, OfferedTool tool, StringBuilder arguments) {}

    /// @param runs whether calls of this server's tools are run: not, where it was the last turn
    TurnCalls(ServerTools.Offered offered, ToolRound round, Progress progress, boolean runs) {
        this.offered = offered;
        this.round = round;
        this.progress = progress;
        this.runs = runs;
    }

    void begun(ModelEvent.ToolCall call) {
        Optional<OfferedTool> tool = offered.find(call.name());
        if (tool.isPresent()) {
            OfferedTool known = tool.get();
            ours.put(call.index(), new ServerCall(call.id(), known, new StringBuilder()));
            progress.say(
                    new RunEvent.ServerCall(
                            call.id(), call.name(), known.serverName(), known.definition().name()),
                    call.name());
        } else {
            int index = clientIndexes.size();
            clientIndexes.put(call.index(), index);
            progress.say(new RunEvent.ToolCall(index, call.id(), call.name()), call.name());
        }
    }

    void arguments(ModelEvent.ToolArguments more) {
        ServerCall call = ours.get(more.index());
        String fragment = more.fragment();
        if (call != null) {
            call.arguments().append(fragment);
            progress.say(new RunEvent.ServerArguments(call.id(), fragment), fragment);
        } else {
            Integer index = clientIndexes.get(more.index());
            if (index == null) {
                throw new IllegalStateException("arguments of a call that has not begun");
            }
            progress.say(new RunEvent.ToolArguments(index, fragment), fragment);
        }
    }

    void whole(int index) {
        ServerCall call = ours.get(index);
        if (call != null && runs) {
            String arguments = call.arguments().isEmpty() ? "{}" : call.arguments().toString();
            round.begin(call.id(), call.tool(), arguments);
        }
    }

    /// Every call is whole.
    void allWhole() {
        ours.keySet().stream().sorted().forEach(this::whole);
    }

    boolean hasServerCalls() {
        return !ours.isEmpty();
    }

    boolean hasClientCalls() {
        return !clientIndexes.isEmpty();
    }
}
