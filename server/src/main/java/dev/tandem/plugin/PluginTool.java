package dev.tandem.plugin;

import dev.tandem.tool.ToolHints;
import java.util.Optional;

/// A tool of a plugin.
///
/// @param name 1 to 64 letters, digits, `_` and `-`, unique in its plugin
/// @param description for the model: what it does, when to use it, what it answers
/// @param inputSchemaJson the JSON Schema of its arguments, which are an object
/// @param hints what it says of itself; they decide whether a person is asked first
public record PluginTool(String name, String description, String inputSchemaJson, ToolHints hints) {
    /// The longest name of a tool.
    public static final int NAME_CHARS_MAX = 64;

    /// @throws IllegalArgumentException where the name is none
    public PluginTool {
        PluginNames.check("a tool's name", name, NAME_CHARS_MAX);
    }

    /// A tool that says nothing of itself, and so is taken for one that may do anything.
    public PluginTool(String name, String description, String inputSchemaJson) {
        this(name, description, inputSchemaJson, ToolHints.NONE);
    }

    /// The same tool, which says that it changes nothing.
    public PluginTool readOnly() {
        ToolHints said =
                new ToolHints(
                        Optional.of(true),
                        hints.destructive(),
                        hints.idempotent(),
                        hints.openWorld());
        return new PluginTool(name, description, inputSchemaJson, said);
    }
}
