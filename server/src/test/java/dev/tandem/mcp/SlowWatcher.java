package dev.tandem.mcp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.tool.ToolWatcher;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Takes its time to answer: for ever.
final class SlowWatcher implements ToolWatcher {
    private static final long SOON_SECONDS = 10;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    void awaitQuestion() throws InterruptedException {
        assertTrue(asked.await(SOON_SECONDS, TimeUnit.SECONDS), "nobody asks");
    }

    void awaitInterrupt() throws InterruptedException {
        assertTrue(interrupted.await(SOON_SECONDS, TimeUnit.SECONDS), "nobody interrupts");
    }

    @Override
    public void progress(ToolProgress news) {}

    @Override
    public ToolReply ask(ToolQuestion question) throws InterruptedException {
        asked.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stopped) {
            interrupted.countDown();
            throw stopped;
        }
        return ToolReply.DECLINED;
    }
}
