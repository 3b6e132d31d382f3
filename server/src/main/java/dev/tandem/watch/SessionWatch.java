package dev.tandem.watch;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.session.Session;
import dev.tandem.watch.SessionNews.RunBegan;
import dev.tandem.watch.SessionNews.RunEnded;
import dev.tandem.watch.SessionNews.Told;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One watcher's view of a session: the news since it looked, and what its runs say. News wait here
/// until they are asked for, up to a bound; runs are read from their own logs, by a thread for each
/// run that is told, which waits while the watcher is slow. One thread asks and closes.
public final class SessionWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionWatch.class);
    private static final int HEARD_MAX = 4;

    private final Session beginning;
    private final Consumer<SessionWatch> forget;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition taken = lock.newCondition();
    private final Deque<SessionNews> waiting = new ArrayDeque<>();
    private final Deque<Told> heard = new ArrayDeque<>();
    private final Map<String, Thread> tails = new HashMap<>();
    private int weight;
    private @Nullable Failure end;

    SessionWatch(Session beginning, Consumer<SessionWatch> forget) {
        this.beginning = beginning;
        this.forget = forget;
    }

    /// The session as it was when the watch began.
    public Session beginning() {
        return beginning;
    }

    /// Blocks until there are news or `wait` has passed, and returns all that there are, in order;
    /// none only when `wait` has passed.
    ///
    /// @throws Failure OVERLOADED where the watcher fell too far behind, SHUTTING_DOWN where the
    ///     server goes down; watching again helps
    public List<SessionNews> next(Duration wait) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = wait.toNanos();
            while (end == null && heard.isEmpty() && !isNext() && left > 0) {
                left = arrived.awaitNanos(left);
            }
            return take();
        } finally {
            lock.unlock();
        }
    }

    /// The end comes last: what was there before it is told.
    private List<SessionNews> take() {
        List<SessionNews> news = new ArrayList<>(heard);
        heard.stream().filter(Told::isLast).forEach(last -> tails.remove(last.run().info().id()));
        heard.clear();
        taken.signalAll();
        while (isNext()) {
            SessionNews next = waiting.remove();
            weight -= Weight.of(next);
            if (next instanceof RunBegan began) {
                follow(began);
            }
            news.add(next);
        }
        if (news.isEmpty() && end != null) {
            throw end;
        }
        return news;
    }

    /// The messages of a run come after its last event, which is on its way when they are there.
    private boolean isNext() {
        return switch (waiting.peek()) {
            case null -> false;
            case RunEnded ended -> !tails.containsKey(ended.runId());
            case SessionNews _ -> true;
        };
    }

    private void follow(RunBegan began) {
        String id = began.run().info().id();
        RunTail tail = new RunTail(began.run(), this::hear);
        tails.put(id, Thread.ofVirtual().name("watch-" + id).start(() -> read(tail)));
    }

    /// A watch without its run would go on as if all were well.
    private void read(RunTail tail) {
        try {
            tail.run();
        } catch (RuntimeException broken) {
            LOG.error("run {} could not be read", tail.followed().info().id(), broken);
            end(new Failure(FailureCode.INTERNAL, "The run could not be read.", broken));
        }
    }

    /// Takes what a run said; waits while what it said before is not asked for.
    private void hear(Told told) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (heard.size() >= HEARD_MAX) {
                taken.await();
            }
            heard.add(told);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Takes news, at once. Too many end the watch.
    void offer(SessionNews news) {
        lock.lock();
        try {
            if (end != null || isSameAgain(news)) {
                return;
            }
            weight += Weight.of(news);
            if (weight > Weight.MAX) {
                waiting.clear();
                weight = 0;
                end = fellBehind();
            } else {
                waiting.add(news);
            }
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /// A change is looked up when it is told, so that one stands for several in a row.
    private boolean isSameAgain(SessionNews news) {
        return news instanceof SessionNews.Changed
                && waiting.peekLast() instanceof SessionNews.Changed;
    }

    /// Ends the watch with a failure, after what is there.
    void end(Failure why) {
        lock.lock();
        try {
            if (end == null) {
                end = why;
            }
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    private static Failure fellBehind() {
        return new Failure(
                        FailureCode.OVERLOADED,
                        "More happened in the session than was read; watch it again and read its"
                                + " messages again.")
                .retryable(true);
    }

    /// The threads that read for this watch; those that were started and did not come to an end.
    List<Thread> threads() {
        lock.lock();
        try {
            return List.copyOf(tails.values());
        } finally {
            lock.unlock();
        }
    }

    /// Ends the watch. The session's runs go on.
    @Override
    public void close() {
        forget.accept(this);
        threads().forEach(Thread::interrupt);
    }
}
