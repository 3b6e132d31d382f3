package dev.tandem.service;

import dev.tandem.engine.Begun;
import dev.tandem.engine.Engine;
import dev.tandem.engine.Plan;
import dev.tandem.engine.Planner;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.rpc.Sink;
import dev.tandem.run.AnswerBuilder;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunInfo;
import dev.tandem.run.RunKey;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunTerms;
import dev.tandem.run.Runs;
import dev.tandem.run.WholeAnswer;
import dev.tandem.v1.Chat;
import dev.tandem.v1.ChatCompletion;
import dev.tandem.v1.ChatCompletionDebug;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ResolveToolCallRequest;
import dev.tandem.v1.WatchRunRequest;
import java.util.List;
import java.util.Optional;

/// Serves questions. Every answer is read from the log of its run: a stream event by event, a whole
/// answer folded into one message.
public final class ChatService {
    private final Planner planner;
    private final Engine engine;
    private final Runs runs;
    private final RunFollower follower;
    private final RunLookup lookup;
    private final Decisions decisions;

    public ChatService(
            Planner planner,
            Engine engine,
            Runs runs,
            RunFollower follower,
            RunLookup lookup,
            Decisions decisions) {
        this.planner = planner;
        this.engine = engine;
        this.runs = runs;
        this.follower = follower;
        this.lookup = lookup;
        this.decisions = decisions;
    }

    /// The methods of the contract, bound to this service.
    public List<RpcMethod<?, ?>> methods() {
        ChatCompletionRequest question = ChatCompletionRequest.getDefaultInstance();
        Contract contract =
                new Contract(Chat.getDescriptor(), "ChatService")
                        .unary(
                                "CreateChatCompletion",
                                question,
                                ChatCompletion.getDefaultInstance(),
                                this::create)
                        .streaming(
                                "StreamChatCompletion",
                                question,
                                dev.tandem.v1.RunEvent.getDefaultInstance(),
                                this::stream)
                        .streaming(
                                "WatchRun",
                                WatchRunRequest.getDefaultInstance(),
                                dev.tandem.v1.RunEvent.getDefaultInstance(),
                                follower::watch)
                        .unary(
                                "ResolveToolCall",
                                ResolveToolCallRequest.getDefaultInstance(),
                                dev.tandem.v1.Approval.getDefaultInstance(),
                                decisions::ofCall)
                        .unary(
                                "DebugChatCompletion",
                                question,
                                ChatCompletionDebug.getDefaultInstance(),
                                this::debug);
        return lookup.bind(contract).methods();
    }

    private ChatCompletion create(Call call, ChatCompletionRequest request)
            throws InterruptedException {
        return switch (begin(call, request)) {
            case Begun.Live(Run run) when request.getBackground() -> completion(run.info()).build();
            case Begun.Live(Run run) -> whole(run);
            case Begun.Before(RunRecord run) when request.getBackground() ->
                    completion(run.info()).build();
            case Begun.Before(RunRecord run) ->
                    completion(run.info(), follower.fold(run.info()), completed(run.end()));
        };
    }

    private void stream(
            Call call, ChatCompletionRequest request, Sink<dev.tandem.v1.RunEvent> answers)
            throws InterruptedException {
        switch (begin(call, request)) {
            case Begun.Live(Run run) -> follower.follow(run, answers);
            case Begun.Before(RunRecord run) -> follower.tell(run, answers);
        }
    }

    private Begun begin(Call call, ChatCompletionRequest request) {
        Optional<RunKey> key =
                request.hasIdempotencyKey()
                        ? Optional.of(
                                new RunKey(request.getIdempotencyKey(), RequestHash.of(request)))
                        : Optional.empty();
        Begun begun =
                engine.begin(
                        call.tenant(),
                        new RunTerms(request.getBackground(), request.getQueue(), key),
                        () -> planner.plan(Questions.domain(call.caller(), request)));
        call.answerHeader("x-run-id", id(begun));
        return begun;
    }

    private static String id(Begun begun) {
        return switch (begun) {
            case Begun.Live(Run run) -> run.info().id();
            case Begun.Before(RunRecord run) -> run.info().id();
        };
    }

    private ChatCompletion whole(Run run) throws InterruptedException {
        runs.attach(run);
        try {
            WholeAnswer whole = WholeAnswer.await(run);
            return completion(run.info(), whole.answer(), completed(whole.end()));
        } finally {
            runs.detach(run);
        }
    }

    private static RunEvent.Completed completed(RunEvent.End end) {
        return switch (end) {
            case RunEvent.Completed done -> done;
            case RunEvent.Failed failed -> throw failed.failure();
            case RunEvent.Cancelled _ ->
                    throw new Failure(FailureCode.CANCELLED, "The run was cancelled.");
            case RunEvent.Interrupted _ ->
                    throw new Failure(
                            FailureCode.INTERRUPTED,
                            "The server was stopped while the model answered; ask again.");
        };
    }

    private static ChatCompletion completion(
            RunInfo run, AnswerBuilder answer, RunEvent.Completed done) {
        answer.add(done);
        return completion(run)
                .setMessage(ChatMessages.wire(answer.message()))
                .setFinishReason(done.reason().word())
                .setUsage(RunEvents.usage(done.bill()))
                .build();
    }

    private static ChatCompletion.Builder completion(RunInfo run) {
        ChatCompletion.Builder wire =
                ChatCompletion.newBuilder()
                        .setId(Ids.Runs.completionId(run.id()))
                        .setRunId(run.id())
                        .setModel(run.model())
                        .setCreated(Fields.timestamp(run.createdAt()))
                        .addAllIgnoredParameters(run.ignoredParameters());
        run.sessionId().ifPresent(wire::setSessionId);
        run.projectId().ifPresent(wire::setProjectId);
        return wire;
    }

    private ChatCompletionDebug debug(Call call, ChatCompletionRequest request)
            throws InterruptedException {
        Plan plan = engine.shown(planner.plan(Questions.domain(call.caller(), request)));
        ChatCompletionDebug.Builder wire =
                ChatCompletionDebug.newBuilder()
                        .setModel(plan.model().id())
                        .setProvider(plan.model().provider())
                        .setEstimatedInputTokens(plan.estimatedInputTokens())
                        .setMaxTokens(
                                plan.request()
                                        .maxTokens()
                                        .orElse(plan.request().limits().answerTokensMax()))
                        .addAllIgnoredParameters(plan.call().ignoredParameters())
                        .setProviderRequestJson(plan.call().bodyJson());
        plan.request().messages().forEach(m -> wire.addMessages(ChatMessages.wire(m)));
        plan.request().system().ifPresent(wire::setSystemPrompt);
        plan.request().tools().forEach(tool -> wire.addTools(tool.name()));
        plan.session().filter(_ -> !plan.sessionIsNew()).ifPresent(s -> wire.setSessionId(s.id()));
        return wire.build();
    }
}
