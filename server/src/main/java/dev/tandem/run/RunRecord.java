package dev.tandem.run;

import dev.tandem.conversation.FinishReason;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.run.RunEvent.Bill;
import java.time.Instant;
import java.util.Optional;

/// A run as it is kept.
///
/// @param finishReason why the model stopped, in OpenAI's word; only of completed runs
/// @param error what went wrong; only of failed runs
/// @param details what else the end of a completed run says
/// @param last where its last event stands; only of kept runs that have ended
public record RunRecord(
        RunInfo info,
        RunState state,
        Optional<Instant> finishedAt,
        Optional<String> finishReason,
        Bill bill,
        Optional<RunProblem> error,
        Details details,
        Optional<RunCursor> last) {

    /// What the end of a completed run says beside the reason; see [RunEvent.Completed].
    public record Details(
            Optional<String> stopSequence, Optional<String> refusal, Optional<String> messageId) {
        public static final Details NONE =
                new Details(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// Why a run failed.
    ///
    /// @param code the word of a failure code
    public record RunProblem(String code, String message, Optional<String> param) {}

    /// A run that begins.
    public static RunRecord begun(RunInfo info) {
        return new RunRecord(
                info,
                RunState.RUNNING,
                Optional.empty(),
                Optional.empty(),
                Bill.NONE,
                Optional.empty(),
                Details.NONE,
                Optional.empty());
    }

    /// The same run with its end.
    public RunRecord ended(RunEvent.End end, Instant now) {
        Optional<String> reason =
                end instanceof RunEvent.Completed completed
                        ? Optional.of(completed.reason().word())
                        : Optional.empty();
        Optional<RunProblem> problem =
                end instanceof RunEvent.Failed failed
                        ? Optional.of(
                                new RunProblem(
                                        failed.failure().code().word(),
                                        failed.failure().text(),
                                        failed.failure().param()))
                        : Optional.empty();
        Details said =
                end instanceof RunEvent.Completed done
                        ? new Details(done.stopSequence(), done.refusal(), done.messageId())
                        : Details.NONE;
        return new RunRecord(
                info, end.state(), Optional.of(now), reason, end.bill(), problem, said, last);
    }

    /// The same run, whose last event stands there.
    public RunRecord lastAt(RunCursor place) {
        return new RunRecord(
                info, state, finishedAt, finishReason, bill, error, details, Optional.of(place));
    }

    /// The same run, which waits for its turn.
    public RunRecord queued() {
        return standing(RunState.QUEUED);
    }

    /// The same run in another state.
    public RunRecord standing(RunState now) {
        return new RunRecord(info, now, finishedAt, finishReason, bill, error, details, last);
    }

    /// The last event of a run that has ended.
    public RunEvent.End end() {
        return switch (state) {
            case COMPLETED ->
                    new RunEvent.Completed(
                            finishReason.map(FinishReason::of).orElse(FinishReason.STOP),
                            details.stopSequence(),
                            details.refusal(),
                            details.messageId(),
                            bill);
            case FAILED -> new RunEvent.Failed(failure(), bill);
            case CANCELLED -> new RunEvent.Cancelled(bill);
            case INTERRUPTED -> new RunEvent.Interrupted(bill);
            case QUEUED, RUNNING, WAITING ->
                    throw new IllegalStateException("the run goes on: " + info.id());
        };
    }

    private Failure failure() {
        RunProblem problem =
                error.orElseGet(() -> new RunProblem("internal", "failed", Optional.empty()));
        Failure failure = new Failure(FailureCode.of(problem.code()), problem.message());
        return problem.param().map(failure::at).orElse(failure);
    }
}
