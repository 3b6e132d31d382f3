package dev.tandem.hub;

import dev.tandem.tool.ToolServer;
import java.util.Optional;

/// A server, with what only the hub knows of it.
///
/// @param trusted whether it may start: all but those of a project's file that nobody has trusted
/// @param added whether it was added by an admin, who can remove it
/// @param declaration as it is written, with its secrets; empty where it is wrong
/// @param toolCount how many tools it had when it was last asked
public record ServerDetail(
        ToolServer server,
        boolean trusted,
        boolean added,
        Optional<ServerDeclaration> declaration,
        Optional<Integer> toolCount) {}
