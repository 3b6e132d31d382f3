/// Tools that are no MCP servers: Java plugins from a folder of jars, and webhooks.
@NullMarked
package dev.tandem.plugin;

import org.jspecify.annotations.NullMarked;
