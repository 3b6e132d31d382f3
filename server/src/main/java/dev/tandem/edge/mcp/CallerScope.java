package dev.tandem.edge.mcp;

import dev.tandem.auth.Caller;
import dev.tandem.edge.rest.HttpCall;
import dev.tandem.tool.ToolScope;
import java.util.Optional;

/// For whom a request is served.
final class CallerScope {
    static final String PROJECT = "X-Project-ID";

    private CallerScope() {}

    /// The caller's, in the project that a header names.
    static ToolScope of(HttpCall http) {
        Caller caller = http.call().caller();
        return new ToolScope(
                caller.tenant(),
                caller.keyName(),
                caller.admin(),
                http.header(PROJECT).map(String::strip).filter(id -> !id.isEmpty()),
                Optional.empty(),
                Optional.empty());
    }
}
