package dev.tandem.edge.mcp;

import dev.tandem.auth.Caller;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The sessions of all tenants. Whoever needs room takes that of the one that was idle the longest;
/// those idle for too long end when the next begins or is looked for. Safe for use by many threads.
final class McpSessions {
    private final McpEdgeSettings settings;
    private final Tokens tokens;
    private final InstantSource clock;
    private final Map<String, McpSession> sessions = new LinkedHashMap<>();

    McpSessions(McpEdgeSettings settings, Tokens tokens, InstantSource clock) {
        this.settings = settings;
        this.tokens = tokens;
        this.clock = clock;
    }

    /// A new session.
    ///
    /// @throws Failure OVERLOADED where the tenant has too many that are all busy
    McpSession open(Caller owner, Protocol protocol, ClientTraits client) {
        sweep();
        McpSession session =
                new McpSession(tokens.next(), owner, protocol, client, settings, clock.instant());
        Optional<McpSession> oldest = Optional.empty();
        synchronized (this) {
            List<McpSession> same =
                    sessions.values().stream()
                            .filter(each -> each.tenant().equals(owner.tenant()))
                            .toList();
            if (same.size() >= settings.sessionsMax()) {
                oldest = Optional.of(idlest(same).orElseThrow(() -> tooMany(same.size())));
                sessions.remove(oldest.get().id());
            }
            sessions.put(session.id(), session);
        }
        oldest.ifPresent(McpSession::end);
        return session;
    }

    private static Optional<McpSession> idlest(List<McpSession> sessions) {
        return sessions.stream()
                .filter(session -> session.idleSince().isPresent())
                .min(Comparator.comparing(session -> session.idleSince().orElse(Instant.MAX)));
    }

    private static Failure tooMany(int count) {
        return new Failure(
                        FailureCode.OVERLOADED,
                        "All of this tenant's " + count + " sessions are busy; end one by DELETE.")
                .retryAfter(Duration.ofSeconds(5));
    }

    /// A session that a caller may use.
    ///
    /// @throws RpcError where there is none, or it is another key's
    McpSession find(String id, Caller caller) {
        sweep();
        synchronized (this) {
            return Optional.ofNullable(sessions.get(id))
                    .filter(session -> session.belongsTo(caller))
                    .orElseThrow(RpcError::sessionNotFound);
        }
    }

    /// Ends a session.
    void end(McpSession session) {
        synchronized (this) {
            sessions.remove(session.id());
        }
        session.end();
    }

    private void sweep() {
        Instant before = clock.instant().minus(settings.sessionIdle());
        List<McpSession> old;
        synchronized (this) {
            old =
                    sessions.values().stream()
                            .filter(each -> each.idleSince().filter(before::isAfter).isPresent())
                            .toList();
            old.forEach(each -> sessions.remove(each.id()));
        }
        old.forEach(McpSession::end);
    }

    /// Ends what only waits; calls in progress go on.
    void stop() {
        List<McpSession> all;
        synchronized (this) {
            all = List.copyOf(sessions.values());
        }
        all.forEach(McpSession::stop);
    }

    synchronized int size() {
        return sessions.size();
    }
}
