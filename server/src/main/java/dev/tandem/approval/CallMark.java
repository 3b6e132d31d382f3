package dev.tandem.approval;

/// What makes a later call the same one, and a later tool the same one.
///
/// @param argumentsHash of the arguments as they were sent
/// @param definitionHash of what the tool says of itself
public record CallMark(String argumentsHash, String definitionHash) {}
