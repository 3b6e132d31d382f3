package dev.tandem.watch;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.session.Session;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// Tells watchers what happens in sessions, in the order in which it is stored. Whatever changes a
/// session is done in [#tell], one after another for each session, and so is the look that a
/// watcher begins with: nothing falls between that look and the news after it, and nothing is in
/// both. Telling never waits for a watcher. Safe for use by many threads.
public final class SessionFeed implements AutoCloseable {
    private final ConcurrentHashMap<Key, Channel> channels = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private record Key(String tenant, String sessionId) {}

    /// Changes a session and tells its watchers.
    ///
    /// @param work what is durable when it returns
    /// @param news what came of it, in order
    public <T> T tell(
            String tenant,
            String sessionId,
            Supplier<T> work,
            Function<T, List<SessionNews>> news) {
        return within(
                new Key(tenant, sessionId),
                channel -> {
                    T done = work.get();
                    news.apply(done).forEach(channel::tell);
                    return done;
                });
    }

    /// Begins to watch a session. Whoever calls this closes the watch.
    ///
    /// @param look finds the session as it is now, or throws where it is absent
    /// @throws Failure SHUTTING_DOWN where the server goes down
    public SessionWatch watch(String tenant, String sessionId, Supplier<Session> look) {
        Key key = new Key(tenant, sessionId);
        return within(
                key,
                channel -> {
                    Session now = look.get();
                    SessionWatch watch = new SessionWatch(now, gone -> forget(key, gone));
                    channel.add(watch);
                    if (closed) {
                        watch.end(shuttingDown());
                    }
                    return watch;
                });
    }

    private void forget(Key key, SessionWatch watch) {
        boolean _ = within(key, channel -> channel.remove(watch));
    }

    /// How many watches are open.
    public int watches() {
        return channels.values().stream().mapToInt(Channel::watches).sum();
    }

    /// Ends every watch with a failure that tells its client to come back.
    @Override
    public void close() {
        closed = true;
        channels.values().forEach(channel -> channel.end(shuttingDown()));
    }

    private static Failure shuttingDown() {
        return new Failure(
                        FailureCode.SHUTTING_DOWN,
                        "The server is shutting down; watch the session again.")
                .retryAfter(Duration.ofSeconds(1));
    }

    /// A session's channel is there while somebody is in it, watches, or answers.
    private <T> T within(Key key, Function<Channel, T> work) {
        Channel channel =
                channels.compute(
                        key,
                        (_, known) -> {
                            Channel one = known == null ? new Channel() : known;
                            one.users++;
                            return one;
                        });
        try {
            return channel.alone(work);
        } finally {
            channels.computeIfPresent(
                    key,
                    (_, one) -> {
                        one.users--;
                        return one.users == 0 && one.isIdle() ? null : one;
                    });
        }
    }
}
