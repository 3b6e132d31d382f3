package dev.tandem.conversation;

/// Whether and which tools a model calls.
public sealed interface ToolChoice {
    /// As it likes.
    record Auto() implements ToolChoice {}

    /// None.
    record None() implements ToolChoice {}

    /// At least one.
    record Required() implements ToolChoice {}

    /// This one.
    record Named(String name) implements ToolChoice {}
}
