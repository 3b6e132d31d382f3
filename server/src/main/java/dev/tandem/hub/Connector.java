package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.tool.ToolScope;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Starts and reaches servers.
public interface Connector {
    /// Opens a connection; whoever asked closes it. An interrupt gives up.
    ///
    /// @throws Failure UPSTREAM_… where the server does not come up; UNAUTHORIZED where it wants
    ///     the user to sign in
    ServerConnection open(Opening opening, Events events) throws InterruptedException;

    /// Whose connection it is, where those of a tenant cannot share one: the name of the key whose
    /// credentials it carries.
    default Optional<String> holder(ToolScope scope, String serverId, ServerDeclaration declared) {
        return Optional.empty();
    }

    /// What is to be opened.
    ///
    /// @param declaration with its variables filled in
    /// @param folder where a program works
    /// @param roots the folders that the server is told of
    /// @param publicOnly whether a server that is reached over HTTP must be on the public internet:
    ///     the operator did not write its URL
    record Opening(
            String serverId,
            ToolScope scope,
            ServerDeclaration declaration,
            Path folder,
            List<Path> roots,
            boolean publicOnly) {
        public Opening {
            roots = List.copyOf(roots);
        }
    }

    /// What a server tells on its own. Called by any thread; does not block.
    interface Events {
        /// Its list of tools has changed.
        void toolsChanged();

        /// A line of its log.
        ///
        /// @param origin `stderr`, or a level of MCP's logging messages
        void logged(String origin, String text);

        /// It is sent a header `Authorization`, which nothing that it says may show.
        default void sent(String authorization) {}

        /// It is gone. Told once.
        void ended(String why);
    }
}
