package dev.tandem.plugin;

import dev.tandem.tool.ToolOutput;
import java.util.List;

/// Tools in Java, in a jar of the folder `plugins.folder`. The jar names its class in
/// `META-INF/services/dev.tandem.plugin.ToolPlugin`; the class is public and has a public
/// constructor without parameters. It is made once, at the start, and closed with the server.
///
/// Many calls come at once, each on a thread of its own with the plugin's class loader as its
/// context's. A call that nobody waits for any more is interrupted, and should end then.
public interface ToolPlugin extends AutoCloseable {
    /// What its tools are named after: 1 to 32 letters, digits, `_` and `-`, without `__`; no other
    /// plugin's. Always the same.
    String name();

    /// Its tools, of different names. Asked for once.
    List<PluginTool> tools();

    /// Runs a tool.
    ///
    /// @param call with arguments that fit the tool's schema
    /// @throws Exception told to the model by its class and message, and logged
    ToolOutput call(PluginCall call) throws Exception;

    /// Lets go of what it holds. Does nothing by itself.
    @Override
    default void close() {}
}
