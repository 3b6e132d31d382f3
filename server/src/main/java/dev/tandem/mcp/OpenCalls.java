package dev.tandem.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.failure.Failure;
import dev.tandem.tool.ToolWatcher;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The questions of ours that wait for an answer, by number.
final class OpenCalls {
    private final ConcurrentHashMap<Long, OpenCall> calls = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    OpenCall open(String method, Optional<ToolWatcher> watcher) {
        OpenCall call = new OpenCall(numbers.incrementAndGet(), method, watcher);
        calls.put(call.number(), call);
        return call;
    }

    void close(OpenCall call) {
        calls.remove(call.number());
        call.close();
    }

    /// @param id as a server gives it back: some make a text of it
    Optional<OpenCall> find(JsonNode id) {
        return find(id.asLong());
    }

    Optional<OpenCall> find(long number) {
        return Optional.ofNullable(calls.get(number));
    }

    /// The call for whose sake a server asks: the one whose answer brought the question; or else
    /// the only one that can be asked.
    Optional<OpenCall> cause(OptionalLong inAnswerTo) {
        if (inAnswerTo.isPresent()) {
            return find(inAnswerTo.getAsLong()).filter(call -> call.watcher().isPresent());
        }
        List<OpenCall> watched =
                calls.values().stream().filter(call -> call.watcher().isPresent()).toList();
        return watched.size() == 1 ? Optional.of(watched.getFirst()) : Optional.empty();
    }

    void failAll(Failure why) {
        calls.values().forEach(call -> call.failed(why));
    }

    int size() {
        return calls.size();
    }
}
