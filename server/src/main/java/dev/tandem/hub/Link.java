package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.hub.HubObserver.Stop;
import dev.tandem.tool.ToolServer.Transport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One server as one [ConnectionKey] uses it: started when it is first needed, stopped when it is
/// idle, reconnected when it was lost. Has one connection at most that is in use, and one start at
/// most under way, whose outcome all share who wait for it. Safe for use by many threads.
final class Link {
    private final ConnectionKey key;
    private final String hash;
    private final Transport transport;
    private final LinkOpener opener;
    private final HubSettings settings;
    private final InstantSource clock;
    private final HubObserver observer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Health health;
    private Start start;
    private @Nullable Live live;
    private @Nullable Starting starting;
    private int users;
    private Instant lastUsed;
    private boolean retired;

    /// @param hash of the declaration that it is for
    Link(
            ConnectionKey key,
            String hash,
            Start start,
            LinkOpener opener,
            HubSettings settings,
            Backoff backoff,
            InstantSource clock,
            HubObserver observer) {
        this.key = key;
        this.hash = hash;
        this.transport = start.transport();
        this.start = start;
        this.opener = opener;
        this.settings = settings;
        this.clock = clock;
        this.observer = observer;
        this.health = new Health(key.serverId(), backoff);
        this.lastUsed = clock.instant();
    }

    ConnectionKey key() {
        return key;
    }

    Transport transport() {
        return transport;
    }

    boolean isOf(String declaration) {
        return hash.equals(declaration);
    }

    /// Waits for the server to be up, and starts it where that is not under way.
    ///
    /// @param how to start it, from now on
    /// @return empty where this link is retired, and another is to be asked
    /// @throws Failure why it does not come up, or that it is not tried again yet
    Optional<Lease> lease(Start how) throws InterruptedException {
        noticeEnd();
        Starting underWay;
        lock.lock();
        try {
            if (retired) {
                return Optional.empty();
            }
            start = how;
            lastUsed = clock.instant();
            Live current = live;
            if (current != null && current.whyEnded().isEmpty()) {
                users++;
                return Optional.of(new Lease(this, current));
            }
            underWay = underWay();
            users++;
        } finally {
            lock.unlock();
        }
        return Optional.of(awaited(underWay));
    }

    /// What has ended is lost before its event is here: it must not be forgotten for another.
    private void noticeEnd() {
        Optional<Live> current = locked(() -> Optional.ofNullable(live));
        current.ifPresent(one -> one.whyEnded().ifPresent(why -> lost(one, why)));
    }

    private Lease awaited(Starting underWay) throws InterruptedException {
        boolean leased = false;
        try {
            Lease lease = new Lease(this, underWay.await());
            leased = true;
            return lease;
        } finally {
            if (!leased) {
                release();
            }
        }
    }

    private Starting underWay() {
        Starting now = starting;
        if (now == null) {
            health.checkPatience(clock.instant());
            now = begin();
        }
        return now;
    }

    private Starting begin() {
        Start how = start;
        Starting begun =
                new Starting(
                        opener.live(this),
                        clock.instant(),
                        connection -> opener.open(connection, how),
                        this::ended);
        starting = begun;
        health.starts();
        begun.begin();
        return begun;
    }

    /// A start has ended.
    private Optional<Failure> ended(Starting start, Optional<Failure> unmasked) {
        Live next = start.live();
        Optional<Failure> failure = unmasked.map(next::masked);
        Instant now = clock.instant();
        lock.lock();
        try {
            if (starting != start) {
                return failure.or(() -> Optional.of(health.stoppedMeanwhile()));
            }
            starting = null;
            if (failure.isPresent()) {
                health.failed(failure.get().code(), failure.get().text(), now);
            } else if (retired) {
                return Optional.of(health.stoppedMeanwhile());
            } else {
                live = next;
                health.cameUp(next.connection().version());
            }
        } finally {
            lock.unlock();
        }
        failure.ifPresentOrElse(
                why -> observer.failed(transport, why.code()),
                () -> observer.started(transport, Duration.between(start.since(), now)));
        if (failure.isEmpty()) {
            next.whyEnded().ifPresent(why -> lost(next, why));
        }
        return failure;
    }

    /// A use has ended.
    void release() {
        Optional<Live> unwanted =
                locked(
                        () -> {
                            users--;
                            lastUsed = clock.instant();
                            return retired && users == 0 ? taken() : Optional.empty();
                        });
        stopAside(unwanted, Stop.RETIRED);
    }

    /// A connection is gone. Does nothing where it is no longer this link's.
    void lost(Live gone, String why) {
        lock.lock();
        try {
            if (live != gone) {
                return;
            }
            live = null;
            health.lost(gone.isProven(), why, clock.instant());
        } finally {
            lock.unlock();
        }
        observer.lost(transport);
        gone.closeAside();
    }

    /// Does what is due: gives up a start that takes too long, stops what is idle, reconnects what
    /// was lost while it was in use.
    void tend() {
        Optional<Live> idle = Optional.empty();
        lock.lock();
        try {
            Instant now = clock.instant();
            Starting underWay = starting;
            if (underWay != null) {
                if (now.isAfter(underWay.since().plus(settings.startMax()))) {
                    underWay.giveUp(health.tooSlow(settings.startMax()));
                }
            } else if (users == 0 && !now.isBefore(lastUsed.plus(settings.idleStop()))) {
                health.abandoned();
                idle = taken();
            } else if (health.isDue(now, lastUsed.plus(settings.backoffMin()))) {
                begin();
            }
        } finally {
            lock.unlock();
        }
        stopAside(idle, Stop.IDLE);
    }

    /// Takes the connection away, where there is one.
    private Optional<Live> taken() {
        Optional<Live> current = Optional.ofNullable(live);
        live = null;
        if (current.isPresent()) {
            health.stopped();
        }
        return current;
    }

    private void stopAside(Optional<Live> unwanted, Stop why) {
        unwanted.ifPresent(
                one -> {
                    observer.stopped(transport, why);
                    one.closeAside();
                });
    }

    /// Since when it has a connection that nobody uses; empty where it has none.
    Optional<Instant> idleSince() {
        return locked(() -> users == 0 && live != null ? Optional.of(lastUsed) : Optional.empty());
    }

    /// Stops the server and waits for its end, unless somebody uses it.
    void evict() {
        takenIfUnused(false).ifPresent(one -> stopNow(one, Stop.EVICTED));
    }

    /// Takes no more users, and stops when the last has gone.
    void retire() {
        stopAside(takenIfUnused(true), Stop.RETIRED);
    }

    private Optional<Live> takenIfUnused(boolean forGood) {
        return locked(
                () -> {
                    retired = retired || forGood;
                    return users == 0 ? taken() : Optional.empty();
                });
    }

    /// Stops the server, whoever uses it, and waits for its end. The next use starts it at once.
    void stop(Stop why) {
        Optional<Live> current;
        Optional<Starting> underWay;
        lock.lock();
        try {
            underWay = Optional.ofNullable(starting);
            starting = null;
            retired = retired || why == Stop.CLOSED;
            current = taken();
            health.stopped();
        } finally {
            lock.unlock();
        }
        underWay.ifPresent(one -> one.giveUp(health.stoppedMeanwhile()));
        current.ifPresent(one -> stopNow(one, why));
    }

    private void stopNow(Live one, Stop why) {
        observer.stopped(transport, why);
        one.close();
    }

    /// Retires where there is nothing to stop and nobody has used it since then.
    boolean retireIfUnusedSince(Instant then) {
        return locked(
                () -> {
                    boolean empty = users == 0 && live == null && starting == null;
                    retired = retired || (empty && lastUsed.isBefore(then));
                    return retired && empty;
                });
    }

    Standing standing() {
        return locked(
                () ->
                        new Standing(
                                health.state(),
                                health.version(),
                                health.problem(),
                                Optional.ofNullable(live).flatMap(Live::toolCount)));
    }

    private <T> T locked(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }
}
