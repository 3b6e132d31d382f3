/// MCP servers that are reached over HTTP.
@NullMarked
package dev.tandem.mcp.http;

import org.jspecify.annotations.NullMarked;
