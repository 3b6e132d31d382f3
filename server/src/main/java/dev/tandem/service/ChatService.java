package dev.tandem.service;

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
import dev.tandem.run.RunReader;
import dev.tandem.run.RunSettings;
import dev.tandem.v1.ChatCompletion;
import dev.tandem.v1.ChatCompletionDebug;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.Chat;
import java.util.List;
import java.util.Optional;

/// Serves questions. Every answer is read from the log of its run: a stream event by event, a whole
/// answer folded into one message.
public final class ChatService {
    private final Planner planner;
    private final Engine engine;
    private final RunSettings settings;
    private final RunLookup lookup;

    public ChatService(Planner planner, Engine engine, RunSettings settings, RunLookup lookup) {
        this.planner = planner;
        this.engine = engine;
        this.settings = settings;
        this.lookup = lookup;
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
                        .unary(
                                "DebugChatCompletion",
                                question,
                                ChatCompletionDebug.getDefaultInstance(),
                                this::debug);
        return lookup.bind(contract).methods();
    }

    private ChatCompletion create(Call call, ChatCompletionRequest request)
            throws InterruptedException {
        Run run = begin(call, request);
        try {
            return whole(run);
        } catch (InterruptedException gone) {
            leave(run);
            throw gone;
        }
    }

    private void stream(
            Call call, ChatCompletionRequest request, Sink<dev.tandem.v1.RunEvent> answers)
            throws InterruptedException {
        Run run = begin(call, request);
        try {
            follow(run, answers);
        } catch (InterruptedException | RuntimeException gone) {
            leave(run);
            throw gone;
        }
    }

    private Run begin(Call call, ChatCompletionRequest request) {
        Run run = engine.start(planner.plan(Questions.domain(call.caller(), request)));
        call.answerHeader("x-run-id", run.info().id());
        return run;
    }

    /// What happens when a reader leaves: a run that nobody else can read ends with it.
    private static void leave(Run run) {
        if (!run.info().kept()) {
            run.stop(Run.Stop.CANCELLED);
        }
    }

    private void follow(Run run, Sink<dev.tandem.v1.RunEvent> answers) throws InterruptedException {
        RunReader reader = run.log().readAfter(0);
        boolean spoke = false;
        while (true) {
            List<RunEvent> news = reader.next(settings.heartbeat());
            if (news.isEmpty()) {
                answers.send(RunEvents.heartbeat(run.info().id()));
            }
            for (RunEvent event : news) {
                if (event instanceof RunEvent.Failed failed && !spoke) {
                    throw failed.failure();
                }
                spoke |= !(event instanceof RunEvent.Started);
                answers.send(RunEvents.wire(run.info().id(), event));
            }
            answers.flush();
            if (!news.isEmpty() && news.getLast() instanceof RunEvent.End) {
                return;
            }
        }
    }

    private ChatCompletion whole(Run run) throws InterruptedException {
        AnswerBuilder answer = new AnswerBuilder();
        RunReader reader = run.log().readAfter(0);
        while (true) {
            for (RunEvent event : reader.next(settings.heartbeat())) {
                answer.add(event);
                if (event instanceof RunEvent.End end) {
                    return completion(run, answer, completed(end));
                }
            }
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
            Run run, AnswerBuilder answer, RunEvent.Completed done) {
        ChatCompletion.Builder wire =
                ChatCompletion.newBuilder()
                        .setId(Ids.Runs.completionId(run.info().id()))
                        .setRunId(run.info().id())
                        .setModel(run.info().model())
                        .setCreated(Fields.timestamp(run.info().createdAt()))
                        .setMessage(ChatMessages.wire(answer.message(Optional.empty())))
                        .setFinishReason(done.reason().word())
                        .setUsage(RunEvents.usage(done.bill()))
                        .addAllIgnoredParameters(run.info().ignoredParameters());
        run.info().sessionId().ifPresent(wire::setSessionId);
        run.info().projectId().ifPresent(wire::setProjectId);
        return wire.build();
    }

    private ChatCompletionDebug debug(Call call, ChatCompletionRequest request) {
        Plan plan = planner.plan(Questions.domain(call.caller(), request));
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
