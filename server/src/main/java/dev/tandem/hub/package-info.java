/// MCP servers that are kept: where they are declared, whether they are trusted, when they start
/// and when they stop.
@NullMarked
package dev.tandem.hub;

import org.jspecify.annotations.NullMarked;
