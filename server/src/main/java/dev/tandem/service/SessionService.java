package dev.tandem.service;

import dev.tandem.catalog.Catalog;
import dev.tandem.conversation.Role;
import dev.tandem.failure.Failure;
import dev.tandem.id.Ids;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.project.ProjectStore;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.run.Runs;
import dev.tandem.session.MessageQuery;
import dev.tandem.session.Session;
import dev.tandem.session.SessionChange;
import dev.tandem.session.SessionFork;
import dev.tandem.session.SessionStore;
import dev.tandem.session.StoredMessage;
import dev.tandem.v1.ClearSessionRequest;
import dev.tandem.v1.CreateSessionRequest;
import dev.tandem.v1.DeleteSessionRequest;
import dev.tandem.v1.DeleteSessionResponse;
import dev.tandem.v1.ForkSessionRequest;
import dev.tandem.v1.GetSessionRequest;
import dev.tandem.v1.GetSessionStatsRequest;
import dev.tandem.v1.GetSessionsStatsRequest;
import dev.tandem.v1.ListMessagesRequest;
import dev.tandem.v1.ListMessagesResponse;
import dev.tandem.v1.ListSessionsRequest;
import dev.tandem.v1.ListSessionsResponse;
import dev.tandem.v1.SessionOuterClass;
import dev.tandem.v1.SessionStats;
import dev.tandem.v1.SessionsStats;
import dev.tandem.v1.UpdateSessionRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Serves conversations that the server keeps.
public final class SessionService {
    private final SessionStore sessions;
    private final ProjectStore projects;
    private final Catalog catalog;
    private final Runs runs;
    private final SessionEvents events;
    private final SessionTools tools;
    private final Ids ids;
    private final InstantSource clock;

    public SessionService(
            SessionStore sessions,
            ProjectStore projects,
            Catalog catalog,
            Runs runs,
            SessionEvents events,
            SessionTools tools,
            Ids ids,
            InstantSource clock) {
        this.sessions = sessions;
        this.projects = projects;
        this.catalog = catalog;
        this.runs = runs;
        this.events = events;
        this.tools = tools;
        this.ids = ids;
        this.clock = clock;
    }

    /// The methods of the contract, bound to this service.
    public List<RpcMethod<?, ?>> methods() {
        dev.tandem.v1.Session session = dev.tandem.v1.Session.getDefaultInstance();
        Contract contract = new Contract(SessionOuterClass.getDescriptor(), "SessionService");
        return tools.bind(events.bind(contract))
                .unary(
                        "CreateSession",
                        CreateSessionRequest.getDefaultInstance(),
                        session,
                        this::create)
                .unary(
                        "ListSessions",
                        ListSessionsRequest.getDefaultInstance(),
                        ListSessionsResponse.getDefaultInstance(),
                        this::list)
                .unary(
                        "GetSessionsStats",
                        GetSessionsStatsRequest.getDefaultInstance(),
                        SessionsStats.getDefaultInstance(),
                        (call, request) -> SessionMessages.totals(sessions.totals(call.tenant())))
                .unary("GetSession", GetSessionRequest.getDefaultInstance(), session, this::get)
                .unary(
                        "UpdateSession",
                        UpdateSessionRequest.getDefaultInstance(),
                        session,
                        this::update)
                .unary(
                        "DeleteSession",
                        DeleteSessionRequest.getDefaultInstance(),
                        DeleteSessionResponse.getDefaultInstance(),
                        this::delete)
                .unary(
                        "GetSessionStats",
                        GetSessionStatsRequest.getDefaultInstance(),
                        SessionStats.getDefaultInstance(),
                        this::stats)
                .unary(
                        "ListMessages",
                        ListMessagesRequest.getDefaultInstance(),
                        ListMessagesResponse.getDefaultInstance(),
                        this::messages)
                .unary("ForkSession", ForkSessionRequest.getDefaultInstance(), session, this::fork)
                .unary(
                        "ClearSession",
                        ClearSessionRequest.getDefaultInstance(),
                        session,
                        this::clear)
                .methods();
    }

    private dev.tandem.v1.Session create(Call call, CreateSessionRequest request) {
        Optional<String> project = Fields.text(request.hasProjectId(), request.getProjectId());
        project.filter(id -> projects.find(call.tenant(), id).isEmpty())
                .ifPresent(
                        id -> {
                            throw Failure.notFound("project_id", "There is no project " + id + ".");
                        });
        Session session =
                Session.fresh(
                        ids.session(),
                        call.tenant(),
                        project,
                        Fields.text(request.hasTitle(), request.getTitle())
                                .filter(t -> !t.isEmpty()),
                        model(request.hasModel(), request.getModel()).filter(m -> !m.isEmpty()),
                        Fields.text(request.hasSystemPrompt(), request.getSystemPrompt())
                                .filter(text -> !text.isEmpty()),
                        clock.instant());
        sessions.create(session);
        return SessionMessages.session(session);
    }

    private ListSessionsResponse list(Call call, ListSessionsRequest request) {
        Optional<String> project = Fields.text(request.hasProjectId(), request.getProjectId());
        PageRequest page =
                PageRequest.of(
                        Fields.number(request.hasPageSize(), request.getPageSize()),
                        Fields.text(request.hasPageToken(), request.getPageToken()),
                        SessionStore.listName(project));
        Page<Session> found = sessions.list(call.tenant(), project, page);
        ListSessionsResponse.Builder answer =
                ListSessionsResponse.newBuilder().setHasMore(found.next().isPresent());
        found.items().forEach(session -> answer.addData(SessionMessages.session(session)));
        found.next().map(PageToken::text).ifPresent(answer::setNextPageToken);
        return answer.build();
    }

    private dev.tandem.v1.Session get(Call call, GetSessionRequest request) {
        return sessions.find(call.tenant(), request.getSessionId())
                .map(SessionMessages::session)
                .orElseThrow(() -> absent(request.getSessionId()));
    }

    private dev.tandem.v1.Session update(Call call, UpdateSessionRequest request) {
        SessionChange change =
                new SessionChange(
                        Fields.text(request.hasTitle(), request.getTitle()),
                        model(request.hasModel(), request.getModel()),
                        Fields.text(request.hasSystemPrompt(), request.getSystemPrompt()));
        return sessions.update(call.tenant(), request.getSessionId(), change, clock.instant())
                .map(SessionMessages::session)
                .orElseThrow(() -> absent(request.getSessionId()));
    }

    /// Cancels first, so that no run writes into a session that is going.
    private DeleteSessionResponse delete(Call call, DeleteSessionRequest request)
            throws InterruptedException {
        String id = request.getSessionId();
        if (sessions.find(call.tenant(), id).isEmpty()) {
            throw absent(id);
        }
        runs.cancelAll(call.tenant(), id);
        sessions.delete(call.tenant(), id);
        // one that began in between; none can begin any more
        runs.cancelAll(call.tenant(), id);
        return DeleteSessionResponse.getDefaultInstance();
    }

    private SessionStats stats(Call call, GetSessionStatsRequest request) {
        String id = request.getSessionId();
        return sessions.totals(call.tenant(), id)
                .map(totals -> SessionMessages.totals(id, totals))
                .orElseThrow(() -> absent(id));
    }

    private ListMessagesResponse messages(Call call, ListMessagesRequest request) {
        String id = request.getSessionId();
        MessageQuery query =
                new MessageQuery(
                        role(Fields.text(request.hasRole(), request.getRole())),
                        newestFirst(Fields.text(request.hasOrder(), request.getOrder())));
        PageRequest page =
                PageRequest.of(
                        Fields.number(request.hasLimit(), request.getLimit()),
                        Fields.text(request.hasPageToken(), request.getPageToken()),
                        query.list(id));
        Page<StoredMessage> found =
                sessions.messages(call.tenant(), id, query, page).orElseThrow(() -> absent(id));
        ListMessagesResponse.Builder answer =
                ListMessagesResponse.newBuilder().setHasMore(found.next().isPresent());
        found.items().forEach(message -> answer.addData(SessionMessages.message(message)));
        found.next().map(PageToken::text).ifPresent(answer::setNextPageToken);
        return answer.build();
    }

    private dev.tandem.v1.Session fork(Call call, ForkSessionRequest request) {
        SessionFork fork =
                new SessionFork(
                        ids.session(),
                        Fields.text(request.hasMessageId(), request.getMessageId()),
                        Fields.text(request.hasTitle(), request.getTitle()),
                        ids::message,
                        clock.instant());
        Session copy =
                sessions.fork(call.tenant(), request.getSessionId(), fork)
                        .orElseThrow(() -> absent(request.getSessionId()));
        tools.copy(call.tenant(), request.getSessionId(), copy.id());
        return SessionMessages.session(copy);
    }

    private dev.tandem.v1.Session clear(Call call, ClearSessionRequest request) {
        return sessions.clear(call.tenant(), request.getSessionId(), clock.instant())
                .map(SessionMessages::session)
                .orElseThrow(() -> absent(request.getSessionId()));
    }

    private static Optional<Role> role(Optional<String> word) {
        return word.map(
                text ->
                        switch (text) {
                            case "user" -> Role.USER;
                            case "assistant" -> Role.ASSISTANT;
                            case "tool" -> Role.TOOL;
                            default -> throw Fields.unchecked("role", text);
                        });
    }

    private static boolean newestFirst(Optional<String> word) {
        return switch (word.orElse("asc")) {
            case "asc" -> false;
            case "desc" -> true;
            default -> throw Fields.unchecked("order", word.get());
        };
    }

    private Optional<String> model(boolean present, String value) {
        Optional<String> name = Fields.text(present, value);
        return name.map(text -> text.isEmpty() ? text : catalog.resolve(text).id());
    }

    private static Failure absent(String id) {
        return Failure.notFound("session_id", "There is no session " + id + ".");
    }
}
