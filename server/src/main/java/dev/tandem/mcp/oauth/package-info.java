/// Signing in to MCP servers with OAuth 2.1, and keeping the tokens.
@NullMarked
package dev.tandem.mcp.oauth;

import org.jspecify.annotations.NullMarked;
