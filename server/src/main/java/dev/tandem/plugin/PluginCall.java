package dev.tandem.plugin;

import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolWatcher;
import java.util.Optional;
import java.util.OptionalDouble;

/// A call of a plugin's tool. It may grow: plugins read it, and do not make it.
///
/// @param tool its name
/// @param argumentsJson a JSON object as text, checked against the tool's schema
/// @param watcher told how far the call has come; asks the user, where the plugin has a question
public record PluginCall(
        String tool, String argumentsJson, PluginContext context, ToolWatcher watcher) {

    /// Tells how far the call has come.
    ///
    /// @param done grows with each call of this
    /// @param total what `done` grows to
    public void progress(double done, double total, String message) {
        watcher.progress(new ToolProgress(done, OptionalDouble.of(total), Optional.of(message)));
    }
}
