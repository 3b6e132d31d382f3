package dev.tandem.toolbox;

import dev.tandem.tool.ToolDefinition;

/// A tool under the name that a model knows it by.
///
/// @param name `server__tool`: 1 to 64 letters, digits, `_` and `-`, unique in its offer
/// @param serverId where it is
public record OfferedTool(
        String name, String serverId, String serverName, ToolDefinition definition) {}
