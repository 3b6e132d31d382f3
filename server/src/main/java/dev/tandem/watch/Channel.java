package dev.tandem.watch;

import dev.tandem.failure.Failure;
import dev.tandem.run.Run;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// The watchers of one session, and its runs that have not ended, for those who come later.
final class Channel {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<SessionWatch> watches = new CopyOnWriteArrayList<>();
    private final Map<String, Run> runs = new LinkedHashMap<>();

    /// How many threads are in it or on their way in; kept by the feed.
    int users;

    /// Does work while nobody else does.
    <T> T alone(Function<Channel, T> work) {
        lock.lock();
        try {
            return work.apply(this);
        } finally {
            lock.unlock();
        }
    }

    void tell(SessionNews news) {
        switch (news) {
            case SessionNews.RunBegan(Run run) -> {
                if (runs.putIfAbsent(run.info().id(), run) != null) {
                    return;
                }
            }
            case SessionNews.RunEnded ended -> runs.remove(ended.runId());
            case SessionNews.Deleted _ -> runs.clear();
            case SessionNews.Stored _,
                    SessionNews.Told _,
                    SessionNews.Changed _,
                    SessionNews.Cleared _ -> {}
        }
        watches.forEach(watch -> watch.offer(news));
    }

    void add(SessionWatch watch) {
        runs.values().forEach(run -> watch.offer(new SessionNews.RunBegan(run)));
        watches.add(watch);
    }

    boolean remove(SessionWatch watch) {
        return watches.remove(watch);
    }

    void end(Failure why) {
        watches.forEach(watch -> watch.end(why));
    }

    int watches() {
        return watches.size();
    }

    boolean isIdle() {
        return watches.isEmpty() && runs.isEmpty();
    }
}
