package dev.tandem.conversation;

import java.util.Optional;

/// The form that an answer must have.
public sealed interface AnswerFormat {
    /// Free text.
    record Text() implements AnswerFormat {}

    /// A JSON object of any shape.
    record JsonObject() implements AnswerFormat {}

    /// JSON that follows a schema.
    ///
    /// @param schemaJson the JSON Schema, as JSON text
    record JsonSchema(
            String name, String schemaJson, Optional<String> description, Optional<Boolean> strict)
            implements AnswerFormat {}
}
