package dev.tandem.toolbox;

import dev.tandem.approval.Approval;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import java.util.Optional;

/// Follows one call. Called by any thread, one at a time; must not block, but for [#answer].
public interface CallWatcher {
    /// Sees nothing.
    CallWatcher NONE = new CallWatcher() {};

    /// The call has come further.
    default void progress(ToolProgress news) {}

    /// The call waits for somebody's decision.
    default void asked(Approval open) {}

    /// The decision was made.
    default void decided(Approval closed) {}

    /// Answers a question of the server's where the caller can by itself; empty makes an approval
    /// of it, which any device can answer.
    default Optional<ToolReply> answer(ToolQuestion question) throws InterruptedException {
        return Optional.empty();
    }

    /// As [#answer(ToolQuestion)], with the server's own name of the question, unique in its call.
    default Optional<ToolReply> answer(String name, ToolQuestion question)
            throws InterruptedException {
        return answer(question);
    }

    /// The server says something for the client's log.
    ///
    /// @param level one of MCP's: `debug` to `emergency`
    /// @param dataJson what is said, as any JSON value
    default void log(String level, Optional<String> logger, String dataJson) {}
}
