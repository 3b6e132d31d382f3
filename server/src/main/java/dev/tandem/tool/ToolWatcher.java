package dev.tandem.tool;

import java.util.Optional;

/// Follows one call while its server runs it. Called by other threads than the caller's.
public interface ToolWatcher {
    /// Sees nothing and declines every question.
    ToolWatcher NONE =
            new ToolWatcher() {
                @Override
                public void progress(ToolProgress news) {}

                @Override
                public ToolReply ask(ToolQuestion question) {
                    return ToolReply.DECLINED;
                }
            };

    /// The call has come further. Must not block.
    void progress(ToolProgress news);

    /// Answers what the server wants to know; blocks until somebody has.
    ToolReply ask(ToolQuestion question) throws InterruptedException;

    /// As [#ask(ToolQuestion)], with the server's own name of the question, unique in its call.
    default ToolReply ask(String name, ToolQuestion question) throws InterruptedException {
        return ask(question);
    }

    /// The server says something for the client's log. Must not block.
    ///
    /// @param level one of MCP's: `debug` to `emergency`
    /// @param dataJson what is said, as any JSON value
    default void log(String level, Optional<String> logger, String dataJson) {}
}
