package dev.tandem.toolbox;

import java.util.List;
import java.util.Optional;

/// Tools as they are offered.
///
/// @param warnings what is missing and why, in words for the client
public record Offer(List<OfferedTool> tools, List<Warning> warnings) {
    /// No tools.
    public static final Offer NONE = new Offer(List.of(), List.of());

    /// Something that is missing.
    ///
    /// @param server the server's id or name, as it was asked for
    public record Warning(String server, String message) {}

    public Offer {
        tools = List.copyOf(tools);
        warnings = List.copyOf(warnings);
    }

    public Optional<OfferedTool> find(String name) {
        return tools.stream().filter(tool -> tool.name().equals(name)).findFirst();
    }
}
