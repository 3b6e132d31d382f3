package dev.tandem.mcp.oauth;

/// Whose tokens they are. Nobody else ever uses them.
///
/// @param tenant whose things the caller sees
/// @param keyName the name of the caller's key
public record TokenOwner(String tenant, String keyName) {}
