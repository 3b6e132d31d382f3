package dev.tandem.edge.openai;

import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.ToolCall;
import java.util.HashMap;
import java.util.Map;

/// Gives ids to the function calls of old clients, which tell a call and its answer together by the
/// function's name.
final class OldFunctionCalls {
    private final Map<String, String> latest = new HashMap<>();
    private int count;

    void called(ToolCall call, ChatMessage.Builder message) {
        String id = "call_function_" + count++;
        latest.put(call.getName(), id);
        message.addToolCalls(call.toBuilder().setId(id));
    }

    /// The id of the latest call of a function; of one that was never called, an id that fits none.
    String idOf(String function) {
        return latest.getOrDefault(function, "call_function_" + function);
    }
}
