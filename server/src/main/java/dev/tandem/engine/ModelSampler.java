package dev.tandem.engine;

import dev.tandem.auth.Caller;
import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.Model;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunTerms;
import dev.tandem.run.WholeAnswer;
import dev.tandem.session.Session;
import dev.tandem.session.SessionStore;
import dev.tandem.tool.ToolScope;
import dev.tandem.toolbox.Sampler;
import java.util.List;
import java.util.Optional;

/// Asks a model for a server of tools: the model that the server would like, else the session's,
/// else the default. It is a run like any other, without tools, and is paid for by the key whose
/// call it serves.
public final class ModelSampler implements Sampler {
    private final Engine engine;
    private final Planner planner;
    private final Catalog catalog;
    private final SessionStore sessions;

    /// @param engine one without tools
    public ModelSampler(Engine engine, Planner planner, Catalog catalog, SessionStore sessions) {
        this.engine = engine;
        this.planner = planner;
        this.catalog = catalog;
        this.sessions = sessions;
    }

    @Override
    public String sample(ToolScope scope, String paramsJson) throws InterruptedException {
        SamplingRequest request = SamplingRequest.read(paramsJson);
        Plan plan =
                planner.plan(
                        new Question(
                                new Caller(scope.tenant(), scope.keyName(), scope.admin()),
                                model(scope, request),
                                request.messages(),
                                List.of(),
                                Optional.empty(),
                                request.maxTokens(),
                                request.options(),
                                Optional.empty(),
                                Optional.empty(),
                                request.systemPrompt(),
                                Optional.empty()));
        return answer(engine.start(plan, RunTerms.NONE));
    }

    private Optional<String> model(ToolScope scope, SamplingRequest request) {
        return request.hints().stream()
                .flatMap(hint -> catalog.find(hint).stream())
                .map(Model::id)
                .findFirst()
                .or(
                        () ->
                                scope.sessionId()
                                        .flatMap(id -> sessions.find(scope.tenant(), id))
                                        .flatMap(Session::model));
    }

    private static String answer(Run run) throws InterruptedException {
        try {
            return told(run, WholeAnswer.await(run));
        } catch (InterruptedException stop) {
            run.stop(Run.Stop.CANCELLED);
            throw stop;
        }
    }

    private static String told(Run run, WholeAnswer whole) {
        return switch (whole.end()) {
            case RunEvent.Completed done ->
                    SamplingRequest.answer(
                            whole.answer().message().text(), run.info().model(), done.reason());
            case RunEvent.Failed failed -> throw failed.failure();
            case RunEvent.Cancelled _, RunEvent.Interrupted _ ->
                    throw new Failure(FailureCode.CANCELLED, "The model was stopped.");
        };
    }
}
