package dev.tandem.hub;

import dev.tandem.project.ProjectStore;
import dev.tandem.project.Workspaces;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where servers are declared.
///
/// @param configured by the operator in this server's configuration, by names as
///     [ServerNames#LEGAL]
/// @param claudeFile Claude Code's `.claude.json`; empty where it is not read
/// @param variables what declarations of the operator may name
public record Sources(
        Map<String, ServerDeclaration> configured,
        Optional<Path> claudeFile,
        Variables.All variables,
        ServerStore store,
        ProjectStore projects,
        Workspaces workspaces) {
    public Sources {
        configured = Map.copyOf(configured);
    }
}
