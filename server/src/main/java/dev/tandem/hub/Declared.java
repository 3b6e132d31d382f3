package dev.tandem.hub;

import dev.tandem.tool.ToolServer.Origin;
import java.nio.file.Path;
import java.util.Optional;

/// A server, as a scope finds it declared.
///
/// @param id unique in its scope
/// @param project whose file declares it; empty for one that is there for everybody
/// @param declaration empty where there is a problem with it
/// @param problem what is wrong with its declaration, without values
record Declared(
        String id,
        String name,
        Source source,
        Optional<Home> project,
        Optional<ServerDeclaration> declaration,
        Optional<String> problem) {

    /// A project and its folder.
    record Home(String projectId, Path folder) {}

    /// Who declared it, the first that counts first.
    enum Source {
        /// The operator, for one project, in Claude Code's file.
        CLAUDE_LOCAL,
        /// Whoever can write into the project's folder.
        PROJECT_FILE,
        /// The operator, in this server's configuration.
        CONFIGURATION,
        /// The operator, in Claude Code's file.
        CLAUDE_USER,
        /// An admin, for their tenant.
        API;

        /// Whether the operator wrote it.
        boolean isOperators() {
            return switch (this) {
                case CLAUDE_LOCAL, CONFIGURATION, CLAUDE_USER -> true;
                case PROJECT_FILE, API -> false;
            };
        }
    }

    Origin origin() {
        return project.isPresent() ? Origin.PROJECT : Origin.USER;
    }

    Optional<String> projectId() {
        return project.map(Home::projectId);
    }

    /// What an admin has to trust before it starts; empty where that is not needed.
    Optional<Trust> needed(String tenant) {
        return source == Source.PROJECT_FILE
                ? declaration.map(
                        written ->
                                new Trust(tenant, projectId().orElseThrow(), name, written.hash()))
                : Optional.empty();
    }
}
