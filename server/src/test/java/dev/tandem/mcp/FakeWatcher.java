package dev.tandem.mcp;

import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.tool.ToolWatcher;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/// Keeps what it is told and asked, and answers as it was taught; declines everything else.
final class FakeWatcher implements ToolWatcher {
    final LinkedBlockingQueue<ToolProgress> progress = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<ToolQuestion> questions = new LinkedBlockingQueue<>();
    private final Map<Class<?>, ToolReply> replies = new ConcurrentHashMap<>();

    /// Teaches it to accept the questions of a kind.
    FakeWatcher accepts(Class<? extends ToolQuestion> kind, String contentJson) {
        replies.put(kind, new ToolReply(ToolReply.Action.ACCEPT, Optional.of(contentJson)));
        return this;
    }

    @Override
    public void progress(ToolProgress news) {
        progress.add(news);
    }

    @Override
    public ToolReply ask(ToolQuestion question) {
        questions.add(question);
        return replies.getOrDefault(question.getClass(), ToolReply.DECLINED);
    }
}
