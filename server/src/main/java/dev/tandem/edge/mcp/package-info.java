/// This server as an MCP server: the tools, resources and prompts of all that it serves, as one.
@NullMarked
package dev.tandem.edge.mcp;

import org.jspecify.annotations.NullMarked;
