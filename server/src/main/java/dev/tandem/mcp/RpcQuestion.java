package dev.tandem.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.tool.ToolWatcher;
import java.time.Duration;
import java.util.Optional;

/// A question to a server.
///
/// @param params belong to the question, which adds to them
/// @param limit how long the answer may take; empty for as long as it likes
/// @param watcher follows it, and answers what the server wants to know meanwhile
record RpcQuestion(
        String method, ObjectNode params, Optional<Duration> limit, Optional<ToolWatcher> watcher) {

    static RpcQuestion within(Duration limit, String method, ObjectNode params) {
        return new RpcQuestion(method, params, Optional.of(limit), Optional.empty());
    }

    static RpcQuestion watched(ToolWatcher watcher, String method, ObjectNode params) {
        return new RpcQuestion(method, params, Optional.empty(), Optional.of(watcher));
    }
}
