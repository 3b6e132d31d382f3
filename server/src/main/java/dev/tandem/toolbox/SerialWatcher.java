package dev.tandem.toolbox;

import dev.tandem.approval.Approval;
import dev.tandem.approval.ApprovalFeed;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A caller's watcher that hears one thing at a time, and nothing once its call has ended. What it
/// throws is logged and changes nothing.
final class SerialWatcher implements ApprovalFeed {
    private static final Logger LOG = LoggerFactory.getLogger(SerialWatcher.class);

    private final CallWatcher watcher;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean ended;

    SerialWatcher(CallWatcher watcher) {
        this.watcher = watcher;
    }

    void progress(ToolProgress news) {
        tell(() -> watcher.progress(news));
    }

    @Override
    public void asked(Approval open) {
        tell(() -> watcher.asked(open));
    }

    @Override
    public void decided(Approval closed) {
        tell(() -> watcher.decided(closed));
    }

    /// What the caller answers by itself. Nobody waits behind it.
    Optional<ToolReply> answer(ToolQuestion question) throws InterruptedException {
        return watcher.answer(question);
    }

    /// The same, with the server's own name of the question.
    Optional<ToolReply> answer(String name, ToolQuestion question) throws InterruptedException {
        return watcher.answer(name, question);
    }

    void log(String level, Optional<String> logger, String dataJson) {
        tell(() -> watcher.log(level, logger, dataJson));
    }

    /// The call has ended.
    void end() {
        lock.lock();
        try {
            ended = true;
        } finally {
            lock.unlock();
        }
    }

    private void tell(Runnable news) {
        lock.lock();
        try {
            if (!ended) {
                news.run();
            }
        } catch (RuntimeException theirs) {
            LOG.warn("a watcher of a call failed", theirs);
        } finally {
            lock.unlock();
        }
    }
}
