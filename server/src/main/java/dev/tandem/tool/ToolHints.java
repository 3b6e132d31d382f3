package dev.tandem.tool;

import java.util.Optional;

/// What a tool says of itself, in MCP's words: hints, and no promises. Empty is not said.
///
/// @param readOnly whether it changes nothing
/// @param destructive whether it may destroy something
/// @param idempotent whether calling it twice is like calling it once
/// @param openWorld whether it reaches beyond its server
public record ToolHints(
        Optional<Boolean> readOnly,
        Optional<Boolean> destructive,
        Optional<Boolean> idempotent,
        Optional<Boolean> openWorld) {
    public static final ToolHints NONE =
            new ToolHints(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
