package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.hub.HubObserver.Stop;
import dev.tandem.hub.ProcessBudget.Full;
import dev.tandem.hub.ProcessBudget.Place;
import dev.tandem.tool.ToolServer.State;
import dev.tandem.tool.ToolServer.Transport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All connections to servers, each with its [Link]. Programs are limited in number; where there
/// are too many, one that is ending is waited for, or else the one is stopped that was idle for
/// longest. Whoever opens it closes it. Safe for use by many threads.
final class Connections implements LinkOpener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final Duration FORGET_AFTER = Duration.ofHours(1);

    private final Connector connector;
    private final HubSettings settings;
    private final InstantSource clock;
    private final Backoff backoff;
    private final HubObserver observer;
    private final ProcessBudget budget;
    private final Map<ConnectionKey, Link> links = new HashMap<>();
    private final Map<ConnectionKey, ServerLog> logs = new ConcurrentHashMap<>();
    private final Map<Live, Place> places = new ConcurrentHashMap<>();
    private final Set<Live> open = ConcurrentHashMap.newKeySet();
    private boolean closed;

    Connections(
            Connector connector,
            HubSettings settings,
            InstantSource clock,
            RandomGenerator random,
            HubObserver observer) {
        this.connector = connector;
        this.settings = settings;
        this.clock = clock;
        this.backoff = new Backoff(settings.backoffMin(), settings.backoffMax(), random);
        this.observer = observer;
        this.budget = new ProcessBudget(settings);
    }

    /// The use of a connection, which is opened where there is none.
    ///
    /// @param hash of the declaration: a connection that was opened by another one is not used
    /// @throws Failure why there is none
    Lease lease(ConnectionKey key, String hash, Start start) throws InterruptedException {
        while (true) {
            Link link = link(key, hash, start);
            Optional<Lease> lease = link.lease(start);
            if (lease.isPresent()) {
                return lease.get();
            }
            forget(link);
        }
    }

    private synchronized Link link(ConnectionKey key, String hash, Start start) {
        if (closed) {
            throw new Failure(FailureCode.SHUTTING_DOWN, "This server stops.");
        }
        Link known = links.get(key);
        if (known != null && known.isOf(hash)) {
            return known;
        }
        if (known != null) {
            known.retire();
        }
        Link fresh = new Link(key, hash, start, this, settings, backoff, clock, observer);
        links.put(key, fresh);
        return fresh;
    }

    private synchronized void forget(Link retired) {
        links.remove(retired.key(), retired);
    }

    /// The link of a key, if it is for this declaration.
    synchronized Optional<Link> find(ConnectionKey key, String hash) {
        return Optional.ofNullable(links.get(key)).filter(link -> link.isOf(hash));
    }

    /// The links of a tenant to a server.
    synchronized List<Link> of(String tenant, String serverId) {
        return links.values().stream()
                .filter(link -> link.key().tenant().equals(tenant))
                .filter(link -> link.key().serverId().equals(serverId))
                .toList();
    }

    private synchronized List<Link> all() {
        return List.copyOf(links.values());
    }

    /// The last lines that a tenant's connections to a server have logged, oldest first.
    List<LogLine> log(String tenant, String serverId) {
        return logs.entrySet().stream()
                .filter(entry -> entry.getKey().tenant().equals(tenant))
                .filter(entry -> entry.getKey().serverId().equals(serverId))
                .flatMap(entry -> entry.getValue().lines().stream())
                .sorted(Comparator.comparing(LogLine::at))
                .toList();
    }

    @Override
    public Live live(Link link) {
        ServerLog log = logs.computeIfAbsent(link.key(), _ -> new ServerLog(clock));
        Live live = new Live(link, log, this::ended);
        open.add(live);
        return live;
    }

    private void ended(Live live) {
        open.remove(live);
        Place place = places.remove(live);
        if (place != null) {
            budget.giveBack(place);
        }
    }

    @Override
    public void open(Live live, Start start) throws InterruptedException {
        Start.Prepared prepared = start.check().get();
        live.mask(prepared.masks());
        if (start.transport() == Transport.STDIO) {
            places.put(live, place(prepared.opening().scope().tenant()));
        }
        live.attach(connector.open(prepared.opening(), live));
    }

    private Place place(String tenant) throws InterruptedException {
        while (true) {
            Optional<Place> place = budget.take(tenant);
            if (place.isPresent()) {
                return place.get();
            }
            Optional<Full> full = budget.full(tenant);
            if (full.isPresent()) {
                makeRoom(full.get(), tenant);
            }
        }
    }

    /// What is ending anyway comes before what is idle.
    private void makeRoom(Full full, String tenant) throws InterruptedException {
        Optional<Live> ending =
                places.keySet().stream()
                        .filter(Live::isClosing)
                        .filter(live -> full == Full.ALL || live.tenant().equals(tenant))
                        .findAny();
        if (ending.isPresent()) {
            ending.get().awaitClosed();
        } else {
            longestIdle(full, tenant).orElseThrow(() -> full.failure(settings)).evict();
        }
    }

    private Optional<Link> longestIdle(Full full, String tenant) {
        return all().stream()
                .filter(link -> link.transport() == Transport.STDIO)
                .filter(link -> full == Full.ALL || link.key().tenant().equals(tenant))
                .filter(link -> link.idleSince().isPresent())
                .min(Comparator.comparing(link -> link.idleSince().orElse(Instant.MAX)));
    }

    /// How many programs are at work, or just ending.
    int processes() {
        return budget.taken();
    }

    /// How many links stand how.
    Map<State, Integer> states() {
        Map<State, Integer> states = new HashMap<>();
        all().forEach(link -> states.merge(link.standing().state(), 1, Integer::sum));
        return states;
    }

    /// Does what is due: see [Link#tend]. Forgets what nobody has used for long.
    void tend() {
        all().forEach(Link::tend);
        synchronized (this) {
            Instant then = clock.instant().minus(FORGET_AFTER);
            for (Link link : List.copyOf(links.values())) {
                if (link.retireIfUnusedSince(then)) {
                    links.remove(link.key());
                    logs.remove(link.key());
                }
            }
        }
    }

    /// Stops all, at the same time, and waits for their ends, but not for ever.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        List<Thread> stops =
                all().stream().map(link -> stopping(() -> link.stop(Stop.CLOSED))).toList();
        long deadline = System.nanoTime() + settings.stopMax().toNanos();
        boolean inTime = ended(stops, deadline);
        inTime &= ended(open.stream().map(live -> stopping(live::close)).toList(), deadline);
        if (!inTime) {
            LOG.warn("{} MCP servers did not end in time", open.size());
        }
    }

    private static Thread stopping(Runnable stop) {
        return Thread.ofVirtual().name("mcp-stop").start(stop);
    }

    private static boolean ended(List<Thread> threads, long deadline) {
        try {
            for (Thread thread : threads) {
                long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
                if (!thread.join(Duration.ofMillis(left))) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
