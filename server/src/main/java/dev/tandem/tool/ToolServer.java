package dev.tandem.tool;

import java.util.Optional;

/// A server of tools, as a scope sees it.
///
/// @param id unique in its scope: the name, with `@` and the project's id for a project's own
/// @param name what tools are named after: letters, digits, `_` and `-`
/// @param origin where it is declared
/// @param executable the program, or the URL without its query; empty for a plugin
/// @param version what the server says of itself, once it has been up
/// @param problem why it is not up, in words for the operator
public record ToolServer(
        String id,
        String name,
        Origin origin,
        Optional<String> projectId,
        Transport transport,
        Optional<String> executable,
        Optional<String> version,
        State state,
        Optional<String> problem) {

    /// Where a server is declared.
    public enum Origin {
        /// For everybody, by the operator: a file or the API.
        USER,
        /// By a project's own file.
        PROJECT,
        /// Part of this server: a plugin, a webhook.
        PLUGIN
    }

    /// How it is reached.
    public enum Transport {
        STDIO,
        HTTP,
        SSE,
        PLUGIN
    }

    /// Whether it can be used.
    public enum State {
        /// Not started: it starts when it is first needed.
        IDLE,
        STARTING,
        READY,
        /// It was lost and is tried again, after a while.
        RECONNECTING,
        /// It does not come up; `problem` says why.
        FAILED,
        /// A project's server that nobody has trusted yet.
        UNTRUSTED,
        /// It wants the user to sign in.
        UNAUTHORIZED
    }
}
