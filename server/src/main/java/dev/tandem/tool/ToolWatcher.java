package dev.tandem.tool;

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
}
