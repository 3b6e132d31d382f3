package dev.tandem.hub;

import java.time.Instant;

/// A line of a server's log, without its secrets.
///
/// @param origin `stderr`, or a level of MCP's logging messages
public record LogLine(Instant at, String origin, String text) {}
