/// Connections to MCP servers: what is said on one, whatever carries it.
@NullMarked
package dev.tandem.mcp;

import org.jspecify.annotations.NullMarked;
