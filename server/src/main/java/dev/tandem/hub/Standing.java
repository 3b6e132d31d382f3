package dev.tandem.hub;

import dev.tandem.tool.ToolServer.State;
import java.util.Optional;

/// How a server stands.
///
/// @param version what it says of itself, once it has been up
/// @param problem why it is not up
/// @param toolCount how many tools it had when it was last asked
record Standing(
        State state,
        Optional<String> version,
        Optional<String> problem,
        Optional<Integer> toolCount) {}
