package dev.tandem.mcp.oauth;

/// A sign-in that has come to its end.
///
/// @param owner who signed in
/// @param serverId the MCP server that they signed in to
public record SignedIn(TokenOwner owner, String serverId) {}
