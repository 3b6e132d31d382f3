package dev.tandem.project;

import java.time.Instant;
import java.util.Optional;

/// A workspace that sessions belong to.
///
/// @param path its folder, relative to the root of all workspaces, with `/` between names
/// @param folderMade whether this server made the folder, and so may remove it
public record Project(
        String id,
        String tenant,
        String name,
        Optional<String> description,
        String path,
        boolean folderMade,
        Instant createdAt,
        Instant updatedAt) {

    /// The same project with another name or description; empty changes leave a field, an empty
    /// description clears it.
    public Project changed(Optional<String> newName, Optional<String> newDescription, Instant now) {
        return new Project(
                id,
                tenant,
                newName.orElse(name),
                newDescription.isEmpty()
                        ? description
                        : newDescription.filter(text -> !text.isEmpty()),
                path,
                folderMade,
                createdAt,
                now);
    }
}
