/// MCP servers that are programs on this machine, spoken to over their standard streams.
@NullMarked
package dev.tandem.mcp.stdio;

import org.jspecify.annotations.NullMarked;
