package dev.tandem.plugin;

import java.nio.file.Path;
import java.util.Optional;

/// For whom a tool is called. It may grow: plugins read it, and do not make it.
///
/// @param tenant whose things the tool may touch; a plugin keeps what it stores apart by it
/// @param workspace the folder of the project, which the tool should not leave
public record PluginContext(
        String tenant,
        Optional<String> sessionId,
        Optional<String> projectId,
        Optional<String> runId,
        Optional<Path> workspace) {}
