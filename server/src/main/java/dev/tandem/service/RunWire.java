package dev.tandem.service;

import dev.tandem.failure.FailureCode;
import dev.tandem.rpc.FailureStatus;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunState;
import dev.tandem.v1.RunError;

/// Runs, from domain to wire.
final class RunWire {
    private RunWire() {}

    static dev.tandem.v1.Run.Builder run(RunRecord run) {
        dev.tandem.v1.Run.Builder wire =
                dev.tandem.v1.Run.newBuilder()
                        .setId(run.info().id())
                        .setState(state(run.state()))
                        .setModel(run.info().model())
                        .setProvider(run.info().provider())
                        .setCreatedAt(Fields.timestamp(run.info().createdAt()))
                        .setUsage(RunEvents.usage(run.bill()));
        run.info().sessionId().ifPresent(wire::setSessionId);
        run.info().projectId().ifPresent(wire::setProjectId);
        run.finishedAt().map(Fields::timestamp).ifPresent(wire::setFinishedAt);
        run.finishReason().ifPresent(wire::setFinishReason);
        run.error().map(RunWire::error).ifPresent(wire::setError);
        return wire;
    }

    private static RunError error(RunRecord.RunProblem problem) {
        RunError.Builder wire =
                RunError.newBuilder()
                        .setCode(problem.code())
                        .setMessage(problem.message())
                        .setStatus(FailureStatus.of(FailureCode.of(problem.code())).http());
        problem.param().ifPresent(wire::setParam);
        return wire.build();
    }

    static dev.tandem.v1.RunState state(RunState state) {
        return switch (state) {
            case QUEUED -> dev.tandem.v1.RunState.RUN_STATE_QUEUED;
            case RUNNING -> dev.tandem.v1.RunState.RUN_STATE_RUNNING;
            case WAITING -> dev.tandem.v1.RunState.RUN_STATE_WAITING;
            case COMPLETED -> dev.tandem.v1.RunState.RUN_STATE_COMPLETED;
            case FAILED -> dev.tandem.v1.RunState.RUN_STATE_FAILED;
            case CANCELLED -> dev.tandem.v1.RunState.RUN_STATE_CANCELLED;
            case INTERRUPTED -> dev.tandem.v1.RunState.RUN_STATE_INTERRUPTED;
        };
    }
}
