package dev.tandem.run;

import dev.tandem.run.RunEvent.Bill;
import java.time.Instant;
import java.util.Optional;

/// A run as it is kept.
///
/// @param finishReason why the model stopped, in OpenAI's word; only of completed runs
/// @param error what went wrong; only of failed runs
public record RunRecord(
        RunInfo info,
        RunState state,
        Optional<Instant> finishedAt,
        Optional<String> finishReason,
        Bill bill,
        Optional<RunProblem> error) {

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
        return new RunRecord(info, end.state(), Optional.of(now), reason, end.bill(), problem);
    }
}
