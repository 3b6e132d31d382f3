package dev.tandem.tool;

/// Where it is kept which tools a session or a project offers. Safe for use by many threads.
public interface ToolSelections {
    /// What was chosen; [ToolSelection#INHERIT] where nothing was.
    ///
    /// @param owner the id of a session or a project
    ToolSelection find(String tenant, String owner);

    /// Replaces what was chosen. What this has returned from is durable.
    void save(String tenant, String owner, ToolSelection selection);
}
