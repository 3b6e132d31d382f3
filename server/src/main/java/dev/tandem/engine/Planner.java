package dev.tandem.engine;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.Model;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.ToolChoice;
import dev.tandem.failure.Failure;
import dev.tandem.id.Ids;
import dev.tandem.project.ProjectStore;
import dev.tandem.provider.ModelLimits;
import dev.tandem.provider.ModelRequest;
import dev.tandem.provider.PreparedCall;
import dev.tandem.provider.Provider;
import dev.tandem.session.Session;
import dev.tandem.session.SessionStore;
import dev.tandem.session.StoredMessage;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Decides how a question will be answered: in which session, by which model, with which history.
/// Sends and stores nothing.
public final class Planner {
    private final Catalog catalog;
    private final Map<String, Provider> providers;
    private final SessionStore sessions;
    private final ProjectStore projects;
    private final Ids ids;
    private final InstantSource clock;

    /// @param providers by name; the catalogue names no other
    public Planner(
            Catalog catalog,
            Map<String, Provider> providers,
            SessionStore sessions,
            ProjectStore projects,
            Ids ids,
            InstantSource clock) {
        this.catalog = catalog;
        this.providers = Map.copyOf(providers);
        this.sessions = sessions;
        this.projects = projects;
        this.ids = ids;
        this.clock = clock;
    }

    /// Plans an answer.
    ///
    /// @throws Failure for a question that cannot be answered, naming the field
    public Plan plan(Question question) {
        Optional<Session> found = question.sessionId().map(id -> find(question, id));
        Model model = model(question, found);
        Optional<Session> session = found.or(() -> started(question, model));
        ModelRequest request = request(question, session, found.isPresent(), model);
        Provider provider = provider(model);
        return new Plan(
                question,
                session,
                found.isEmpty() && session.isPresent(),
                model,
                Transcript.kept(question.messages()),
                request,
                provider.prepare(request));
    }

    /// The same plan, with this server's tools beside the client's.
    Plan offering(Plan plan, ServerTools.Offered offered) {
        if (offered.isEmpty()) {
            return plan;
        }
        ModelRequest request = plan.request().offering(offered.specs());
        return new Plan(
                plan.question(),
                plan.session(),
                plan.sessionIsNew(),
                plan.model(),
                plan.questions(),
                request,
                prepare(plan, request));
    }

    /// The next turn of an answer, with the tools of its plan. A tool that the client demanded has
    /// been called by then.
    ///
    /// @param said the messages of the turns before
    /// @param last whether the model has to do without tools from here on
    PreparedCall next(Plan plan, List<Message> said, boolean last) {
        List<Message> messages = new ArrayList<>(plan.request().messages());
        messages.addAll(said);
        ModelRequest request =
                plan.request()
                        .going(
                                Transcript.answered(messages),
                                last ? new ToolChoice.None() : new ToolChoice.Auto());
        return prepare(plan, request);
    }

    private PreparedCall prepare(Plan plan, ModelRequest request) {
        return provider(plan.model()).prepare(request);
    }

    /// The same answer by the same model, to what its session holds by now.
    Plan again(Plan plan) {
        return plan(plan.question().to(plan.model().id()));
    }

    /// Whether the session of a plan holds what it held when the plan was made.
    boolean isCurrent(Plan plan) {
        return plan.sessionIsNew() || plan.session().map(this::isUnchanged).orElse(true);
    }

    private boolean isUnchanged(Session before) {
        return sessions.find(before.tenant(), before.id())
                .filter(now -> now.messageCount() == before.messageCount())
                .isPresent();
    }

    private Session find(Question question, String id) {
        Session session =
                sessions.find(question.caller().tenant(), id)
                        .orElseThrow(
                                () ->
                                        Failure.notFound(
                                                "session_id", "There is no session " + id + "."));
        question.projectId()
                .filter(project -> !session.projectId().equals(Optional.of(project)))
                .ifPresent(
                        project -> {
                            throw Failure.invalid(
                                    "project_id",
                                    "The session "
                                            + id
                                            + " does not belong to the project "
                                            + project
                                            + "; leave project_id out.");
                        });
        return session;
    }

    private Model model(Question question, Optional<Session> session) {
        Optional<String> name = question.model().or(() -> session.flatMap(Session::model));
        return name.map(catalog::resolve)
                .or(catalog::byDefault)
                .orElseThrow(
                        () ->
                                Failure.invalid(
                                        "model",
                                        "model is missing; GET /v1/models lists what there is."));
    }

    /// The session that a project's question starts. Its model is the question's, so that the next
    /// one need not name it.
    private Optional<Session> started(Question question, Model model) {
        return question.projectId()
                .map(
                        project -> {
                            requireProject(question, project);
                            return Session.fresh(
                                    ids.session(),
                                    question.caller().tenant(),
                                    Optional.of(project),
                                    Optional.empty(),
                                    Optional.of(model.id()),
                                    question.systemPrompt(),
                                    clock.instant());
                        });
    }

    private void requireProject(Question question, String project) {
        if (projects.find(question.caller().tenant(), project).isEmpty()) {
            throw Failure.notFound("project_id", "There is no project " + project + ".");
        }
    }

    private ModelRequest request(
            Question question, Optional<Session> session, boolean hasHistory, Model model) {
        List<Message> messages = new ArrayList<>();
        if (hasHistory) {
            session.ifPresent(known -> messages.addAll(history(known)));
        }
        messages.addAll(Transcript.conversation(question.messages()));
        if (messages.isEmpty()) {
            throw Failure.invalid(
                    "messages", "messages has nothing to answer; add a message of role user.");
        }
        Optional<String> prompt =
                question.systemPrompt().or(() -> session.flatMap(Session::systemPrompt));
        return new ModelRequest(
                model.upstreamName(),
                new ModelLimits(model.contextTokens(), model.answerTokensMax()),
                Transcript.system(prompt, question.messages()),
                Transcript.answered(messages),
                question.tools(),
                question.toolChoice(),
                question.maxTokens(),
                question.options(),
                session.isPresent());
    }

    private List<Message> history(Session session) {
        return sessions.history(session.tenant(), session.id()).stream()
                .map(StoredMessage::message)
                .toList();
    }

    private Provider provider(Model model) {
        Provider provider = providers.get(model.provider());
        if (provider == null) {
            throw Failure.notFound(
                    "model", "No provider is configured for the model " + model.id() + ".");
        }
        return provider;
    }
}
