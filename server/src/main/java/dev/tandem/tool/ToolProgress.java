package dev.tandem.tool;

import java.util.Optional;
import java.util.OptionalDouble;

/// How far a call has come.
///
/// @param done grows with each message of a call
/// @param total what `done` grows to, where that is known
public record ToolProgress(double done, OptionalDouble total, Optional<String> message) {}
