package dev.tandem.project;

import java.nio.file.Path;

/// Where the folders of projects are.
///
/// @param root holds every project's folder; made where it is missing. It should hold nothing that
///     the tools of a project must not read, such as the server's data
public record WorkspaceSettings(Path root) {
    public static final WorkspaceSettings DEFAULTS = new WorkspaceSettings(Path.of("workspaces"));

    public WorkspaceSettings {
        if (root.toString().isBlank()) {
            throw new IllegalArgumentException("workspaces.root must not be empty");
        }
        if (root.toAbsolutePath().normalize().getNameCount() == 0) {
            throw new IllegalArgumentException(
                    "workspaces.root must not be a whole file system, was " + root);
        }
    }
}
