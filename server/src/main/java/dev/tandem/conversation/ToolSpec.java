package dev.tandem.conversation;

import java.util.Optional;

/// A function that a model may call.
///
/// @param name 1 to 64 letters, digits, `_` and `-`
/// @param parametersJson the JSON Schema of its arguments, as JSON text
/// @param strict whether arguments must follow the schema exactly; empty for the provider's default
public record ToolSpec(
        String name,
        Optional<String> description,
        String parametersJson,
        Optional<Boolean> strict) {}
