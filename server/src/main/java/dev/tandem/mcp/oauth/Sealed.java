package dev.tandem.mcp.oauth;

/// Something encrypted; only [TokenKey] makes sense of it.
///
/// @param text in base64
public record Sealed(String text) {}
