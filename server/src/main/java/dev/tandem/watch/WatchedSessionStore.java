package dev.tandem.watch;

import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.session.MessageQuery;
import dev.tandem.session.Session;
import dev.tandem.session.SessionChange;
import dev.tandem.session.SessionFork;
import dev.tandem.session.SessionStore;
import dev.tandem.session.SessionTotals;
import dev.tandem.session.SessionsTotals;
import dev.tandem.session.StoredMessage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Sessions as another store keeps them, whose watchers are told of every change.
public final class WatchedSessionStore implements SessionStore {
    private final SessionStore store;
    private final SessionFeed feed;

    public WatchedSessionStore(SessionStore store, SessionFeed feed) {
        this.store = store;
        this.feed = feed;
    }

    @Override
    public Optional<Session> update(String tenant, String id, SessionChange change, Instant now) {
        return feed.tell(
                tenant,
                id,
                () -> store.update(tenant, id, change, now),
                changed -> changed.isEmpty() ? List.of() : List.of(new SessionNews.Changed()));
    }

    @Override
    public Optional<Session> clear(String tenant, String id, Instant now) {
        return feed.tell(
                tenant,
                id,
                () -> store.clear(tenant, id, now),
                cleared ->
                        cleared.isEmpty()
                                ? List.of()
                                : List.of(new SessionNews.Cleared(), new SessionNews.Changed()));
    }

    @Override
    public boolean delete(String tenant, String id) {
        return feed.tell(
                tenant,
                id,
                () -> store.delete(tenant, id),
                deleted -> deleted ? List.of(new SessionNews.Deleted()) : List.of());
    }

    @Override
    public void create(Session session) {
        store.create(session);
    }

    @Override
    public Optional<Session> fork(String tenant, String id, SessionFork fork) {
        return store.fork(tenant, id, fork);
    }

    @Override
    public Optional<Session> find(String tenant, String id) {
        return store.find(tenant, id);
    }

    @Override
    public Page<Session> list(String tenant, Optional<String> projectId, PageRequest page) {
        return store.list(tenant, projectId, page);
    }

    @Override
    public Optional<Page<StoredMessage>> messages(
            String tenant, String sessionId, MessageQuery query, PageRequest page) {
        return store.messages(tenant, sessionId, query, page);
    }

    @Override
    public List<StoredMessage> history(String tenant, String sessionId) {
        return store.history(tenant, sessionId);
    }

    @Override
    public SessionsTotals totals(String tenant) {
        return store.totals(tenant);
    }

    @Override
    public Optional<SessionTotals> totals(String tenant, String sessionId) {
        return store.totals(tenant, sessionId);
    }
}
