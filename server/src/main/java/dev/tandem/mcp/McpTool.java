package dev.tandem.mcp;

import java.util.Optional;

/// A tool as its server describes it. What it says of itself is a hint and no promise.
///
/// @param name unique on its server
/// @param inputSchemaJson the JSON Schema of its arguments, as JSON text as the server sent it
/// @param readOnly whether it changes nothing
/// @param destructive whether it may destroy something
public record McpTool(
        String name,
        Optional<String> title,
        Optional<String> description,
        String inputSchemaJson,
        Optional<Boolean> readOnly,
        Optional<Boolean> destructive) {}
