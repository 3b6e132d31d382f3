package dev.tandem.plugin;

import java.nio.file.Path;
import java.util.Optional;

/// Where the folders of projects are. Safe for use by many threads.
public interface WorkspaceFolders {
    /// No project has a folder.
    WorkspaceFolders NONE = (_, _) -> Optional.empty();

    /// The folder of a project; empty where the tenant has no such project.
    Optional<Path> find(String tenant, String projectId);
}
