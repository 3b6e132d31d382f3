package dev.tandem.tool;

import java.util.List;
import java.util.Optional;

/// Which tools are offered: the object `mcp` of a request, a session or a project. What is empty is
/// inherited from the next: request, session, project, and at last everything the caller may use.
///
/// @param enabled false offers none
/// @param servers names or ids of servers; empty inherits
/// @param tools names, as they are offered or as the server has them; empty inherits
/// @param priority names or ids of servers whose tools come first, where there are too many
/// @param auditArguments whether the audit log keeps the arguments, and not only their hash
public record ToolSelection(
        Optional<Boolean> enabled,
        List<String> servers,
        List<String> tools,
        List<String> priority,
        Optional<Boolean> auditArguments) {
    public static final ToolSelection INHERIT =
            new ToolSelection(Optional.empty(), List.of(), List.of(), List.of(), Optional.empty());

    public ToolSelection {
        servers = List.copyOf(servers);
        tools = List.copyOf(tools);
        priority = List.copyOf(priority);
    }

    /// This selection, with what it leaves open taken from another.
    public ToolSelection over(ToolSelection wider) {
        return new ToolSelection(
                enabled.or(wider::enabled),
                servers.isEmpty() ? wider.servers : servers,
                tools.isEmpty() ? wider.tools : tools,
                priority.isEmpty() ? wider.priority : priority,
                auditArguments.or(wider::auditArguments));
    }

    /// Whether it leaves everything open.
    public boolean isEmpty() {
        return equals(INHERIT);
    }
}
