package dev.tandem.service;

import dev.tandem.failure.Failure;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.Sink;
import dev.tandem.run.RunCursor;
import dev.tandem.run.RunInfo;
import dev.tandem.run.RunSettings;
import dev.tandem.session.Session;
import dev.tandem.session.SessionStore;
import dev.tandem.session.StoredMessage;
import dev.tandem.v1.Heartbeat;
import dev.tandem.v1.SessionCleared;
import dev.tandem.v1.SessionDeleted;
import dev.tandem.v1.SessionEvent;
import dev.tandem.v1.WatchSessionRequest;
import dev.tandem.watch.SessionFeed;
import dev.tandem.watch.SessionNews;
import dev.tandem.watch.SessionWatch;
import java.util.List;
import java.util.Optional;

/// Serves those who watch a session. Each has a thread of its own, which waits for news or for its
/// client, whichever is slower; nobody else waits for it.
public final class SessionEvents {
    private final SessionFeed feed;
    private final SessionStore sessions;
    private final RunSettings settings;

    public SessionEvents(SessionFeed feed, SessionStore sessions, RunSettings settings) {
        this.feed = feed;
        this.sessions = sessions;
        this.settings = settings;
    }

    Contract bind(Contract contract) {
        return contract.streaming(
                "WatchSession",
                WatchSessionRequest.getDefaultInstance(),
                SessionEvent.getDefaultInstance(),
                this::watch);
    }

    private void watch(Call call, WatchSessionRequest request, Sink<SessionEvent> answers)
            throws InterruptedException {
        String tenant = call.tenant();
        String id = request.getSessionId();
        try (SessionWatch watch = feed.watch(tenant, id, () -> find(tenant, id))) {
            answers.send(session(watch.beginning()));
            answers.flush();
            follow(watch, answers);
        }
    }

    private Session find(String tenant, String id) {
        return sessions.find(tenant, id)
                .orElseThrow(
                        () -> Failure.notFound("session_id", "There is no session " + id + "."));
    }

    private void follow(SessionWatch watch, Sink<SessionEvent> answers)
            throws InterruptedException {
        Session session = watch.beginning();
        while (true) {
            List<SessionNews> news = watch.next(settings.heartbeat());
            if (news.isEmpty()) {
                answers.send(heartbeat(session.id()));
            }
            for (SessionNews each : news) {
                tell(session, each, answers);
                if (each instanceof SessionNews.Deleted) {
                    return;
                }
            }
            answers.flush();
        }
    }

    private void tell(Session session, SessionNews news, Sink<SessionEvent> answers)
            throws InterruptedException {
        String id = session.id();
        switch (news) {
            case SessionNews.Stored(List<StoredMessage> messages) -> tell(messages, answers);
            case SessionNews.RunEnded ended -> tell(ended.messages(), answers);
            case SessionNews.RunBegan _ -> {}
            case SessionNews.Told told -> tell(id, told, answers);
            case SessionNews.Changed _ -> tellNow(session, answers);
            case SessionNews.Cleared _ ->
                    answers.send(event(id).setCleared(SessionCleared.getDefaultInstance()).build());
            case SessionNews.Deleted _ ->
                    answers.send(event(id).setDeleted(SessionDeleted.getDefaultInstance()).build());
        }
    }

    private static void tell(List<StoredMessage> messages, Sink<SessionEvent> answers)
            throws InterruptedException {
        for (StoredMessage message : messages) {
            answers.send(
                    event(message.sessionId())
                            .setMessage(SessionMessages.message(message))
                            .build());
        }
    }

    private static void tell(String id, SessionNews.Told told, Sink<SessionEvent> answers)
            throws InterruptedException {
        RunInfo run = told.run().info();
        long number = told.first();
        for (dev.tandem.run.RunEvent event : told.events()) {
            Optional<RunCursor> place = Optional.of(run.cursor(number++));
            answers.send(event(id).setRun(RunEvents.wire(run.id(), event, place)).build());
        }
    }

    /// A session that is gone meanwhile needs no telling: that is the next news.
    private void tellNow(Session session, Sink<SessionEvent> answers) throws InterruptedException {
        Optional<Session> now = sessions.find(session.tenant(), session.id());
        if (now.isPresent()) {
            answers.send(session(now.get()));
        }
    }

    private static SessionEvent session(Session session) {
        return event(session.id()).setSession(SessionMessages.session(session)).build();
    }

    private static SessionEvent heartbeat(String id) {
        return event(id).setHeartbeat(Heartbeat.getDefaultInstance()).build();
    }

    private static SessionEvent.Builder event(String id) {
        return SessionEvent.newBuilder().setSessionId(id);
    }
}
