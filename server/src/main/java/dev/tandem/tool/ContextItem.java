package dev.tandem.tool;

/// A resource, a template of resources or a prompt that a server offers.
///
/// @param name its URI, its URI template, or the prompt's name
/// @param json the whole description as MCP has it
public record ContextItem(Kind kind, String name, String json) {
    /// What it is.
    public enum Kind {
        RESOURCE,
        RESOURCE_TEMPLATE,
        PROMPT
    }
}
