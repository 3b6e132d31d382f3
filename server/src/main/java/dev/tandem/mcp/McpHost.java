package dev.tandem.mcp;

import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.tool.ToolWatcher;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a server may ask of us, and what it tells us beside its answers. Called by any thread; only
/// [#ask] may block.
public interface McpHost {
    /// Offers no folders, hears nothing, and lets the caller of a tool answer.
    McpHost NONE = new McpHost() {};

    /// What a server has a list of.
    enum Kind {
        TOOLS,
        RESOURCES,
        PROMPTS
    }

    /// The folders that the server may work in.
    default List<Path> roots() {
        return List.of();
    }

    /// Answers what a server wants to know; blocks until somebody has. An interrupt means that the
    /// server no longer asks, or is gone.
    ///
    /// @param watcher of the call that the question belongs to; empty where that is not known
    default ToolReply ask(ToolQuestion question, Optional<ToolWatcher> watcher)
            throws InterruptedException {
        return watcher.isPresent() ? watcher.get().ask(question) : ToolReply.DECLINED;
    }

    /// A list has changed. Many changes within a short while are told once.
    default void listChanged(Kind kind) {}

    /// The server's own log.
    ///
    /// @param level `debug`, `info`, `notice`, `warning`, `error`, `critical`, `alert` or
    ///     `emergency`
    /// @param logger the part of the server that speaks; may be empty
    default void log(String level, String logger, String text) {}

    /// The server is gone. Told once, also where the connection was closed; not where it was never
    /// open.
    default void ended(String why) {}
}
