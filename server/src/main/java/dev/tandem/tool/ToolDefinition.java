package dev.tandem.tool;

import java.util.Optional;

/// A tool as its server describes it.
///
/// @param name unique on its server
/// @param inputSchemaJson the JSON Schema of its arguments, as the server sent it
/// @param outputSchemaJson the JSON Schema of its structured answer, where it has one
/// @param json the whole description as MCP has it, for those who speak MCP
public record ToolDefinition(
        String name,
        Optional<String> title,
        Optional<String> description,
        String inputSchemaJson,
        Optional<String> outputSchemaJson,
        ToolHints hints,
        String json) {}
