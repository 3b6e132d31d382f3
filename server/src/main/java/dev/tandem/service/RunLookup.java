package dev.tandem.service;

import dev.tandem.failure.Failure;
import dev.tandem.id.Ids;
import dev.tandem.rpc.Call;
import dev.tandem.run.AnswerBuilder;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunReader;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunState;
import dev.tandem.run.RunStore;
import dev.tandem.run.Runs;
import dev.tandem.session.Session;
import dev.tandem.session.SessionStore;
import dev.tandem.v1.CancelRunRequest;
import dev.tandem.v1.ChatStatus;
import dev.tandem.v1.GetChatStatusRequest;
import dev.tandem.v1.GetRunRequest;
import dev.tandem.v1.ListRunsRequest;
import dev.tandem.v1.ListRunsResponse;
import java.time.Duration;
import java.util.Optional;

/// Serves the questions about runs: how they stand, and that they stop. An id may be a run's, a
/// completion's or, for status and cancel, a session's.
public final class RunLookup {
    private final Runs runs;
    private final RunStore store;
    private final SessionStore sessions;
    private final RunFollower follower;
    private final RunList list;

    public RunLookup(Runs runs, RunStore store, SessionStore sessions, RunFollower follower) {
        this.runs = runs;
        this.store = store;
        this.sessions = sessions;
        this.follower = follower;
        this.list = new RunList(runs, store);
    }

    Contract bind(Contract contract) {
        dev.tandem.v1.Run run = dev.tandem.v1.Run.getDefaultInstance();
        return contract.unary(
                        "GetChatStatus",
                        GetChatStatusRequest.getDefaultInstance(),
                        ChatStatus.getDefaultInstance(),
                        this::status)
                .unary(
                        "ListRuns",
                        ListRunsRequest.getDefaultInstance(),
                        ListRunsResponse.getDefaultInstance(),
                        list::page)
                .unary("GetRun", GetRunRequest.getDefaultInstance(), run, this::get)
                .unary("CancelRun", CancelRunRequest.getDefaultInstance(), run, this::cancel);
    }

    private dev.tandem.v1.Run get(Call call, GetRunRequest request) throws InterruptedException {
        String id = Ids.Runs.runId(request.getRunId());
        Optional<Run> live = runs.find(call.tenant(), id).filter(run -> run.info().id().equals(id));
        if (live.isPresent()) {
            return wire(live.get());
        }
        return store.find(call.tenant(), id)
                .map(this::wire)
                .orElseThrow(() -> absent("run_id", request.getRunId()));
    }

    /// A run that has ended, with what it said where that is not forgotten.
    private dev.tandem.v1.Run wire(RunRecord run) {
        dev.tandem.v1.Run.Builder wire = RunWire.run(run);
        if (run.last().isPresent()) {
            AnswerBuilder answer = follower.fold(run.info());
            answer.add(run.end());
            if (!answer.isEmpty()) {
                wire.setMessage(ChatMessages.wire(answer.message()));
            }
        }
        return wire.build();
    }

    private dev.tandem.v1.Run cancel(Call call, CancelRunRequest request)
            throws InterruptedException {
        Optional<Run> stopped = runs.cancel(call.tenant(), request.getRunId());
        if (stopped.isPresent()) {
            return wire(stopped.get());
        }
        return record(call.tenant(), request.getRunId())
                .map(this::wire)
                .orElseThrow(() -> absent("run_id", request.getRunId()));
    }

    private ChatStatus status(Call call, GetChatStatusRequest request) {
        String tenant = call.tenant();
        Optional<RunRecord> run =
                runs.find(tenant, request.getId())
                        .map(RunLookup::record)
                        .or(() -> record(tenant, request.getId()));
        Optional<Session> session =
                run.flatMap(found -> found.info().sessionId())
                        .or(() -> Optional.of(request.getId()))
                        .flatMap(id -> sessions.find(tenant, id));
        if (run.isEmpty() && session.isEmpty()) {
            throw absent("id", request.getId());
        }
        ChatStatus.Builder wire = ChatStatus.newBuilder();
        run.ifPresent(found -> describe(found, wire));
        session.ifPresent(found -> describe(found, wire));
        return wire.build();
    }

    private Optional<RunRecord> record(String tenant, String id) {
        return store.find(tenant, Ids.Runs.runId(id)).or(() -> store.latestOf(tenant, id));
    }

    /// A run in progress, or one whose end is known but may not be stored yet.
    static RunRecord record(Run run) {
        RunRecord began = RunRecord.begun(run.info());
        RunState state = run.state();
        RunRecord begun = state.ended() ? began : began.standing(state);
        return run.log()
                .end()
                .flatMap(end -> run.endedAt().map(when -> begun.ended(end, when)))
                .orElse(begun);
    }

    private static void describe(RunRecord run, ChatStatus.Builder wire) {
        wire.setRunId(run.info().id())
                .setState(RunWire.state(run.state()))
                .setIsRunning(!run.state().ended())
                .setModel(run.info().model())
                .setCreatedAt(Fields.timestamp(run.info().createdAt()))
                .setUpdatedAt(Fields.timestamp(run.finishedAt().orElse(run.info().createdAt())))
                .setTotalTokens(run.bill().usage().totalTokens())
                .setTotalCostNanos(run.bill().costNanos().orElse(0));
        run.info().projectId().ifPresent(wire::setProjectId);
    }

    private static void describe(Session session, ChatStatus.Builder wire) {
        wire.setSessionId(session.id())
                .setCreatedAt(Fields.timestamp(session.createdAt()))
                .setUpdatedAt(Fields.timestamp(session.updatedAt()))
                .setTotalTokens(session.totalTokens())
                .setTotalCostNanos(session.totalCostNanos())
                .setMessageCount(session.messageCount());
        session.projectId().ifPresent(wire::setProjectId);
        if (!wire.hasModel()) {
            session.model().ifPresent(wire::setModel);
        }
    }

    /// A run in progress, or one that has just ended, with what it has said.
    private static dev.tandem.v1.Run wire(Run run) throws InterruptedException {
        RunRecord record = record(run);
        AnswerBuilder answer = new AnswerBuilder();
        RunReader reader = run.log().readAfter(0);
        for (RunEvent event : reader.next(Duration.ZERO)) {
            answer.add(event);
        }
        dev.tandem.v1.Run.Builder wire = RunWire.run(record);
        if (!answer.isEmpty()) {
            wire.setMessage(ChatMessages.wire(answer.message()));
        }
        return wire.build();
    }

    private static Failure absent(String param, String id) {
        return Failure.notFound(param, "There is no run or session " + id + ".");
    }
}
