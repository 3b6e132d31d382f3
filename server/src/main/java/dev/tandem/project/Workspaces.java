package dev.tandem.project;

/// Placeholder until merged.
public final class Workspaces {
    /// A folder.
    public record Folder(String path, boolean made) {}

    /// Create.
    public Folder create(String p) {
        return new Folder(p, false);
    }

    /// Remove.
    public void remove(Project p) {}
}
