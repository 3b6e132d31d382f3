package dev.tandem.service;

import dev.tandem.approval.Approval;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Usage;
import dev.tandem.failure.Failure;
import dev.tandem.id.Ids;
import dev.tandem.rpc.FailureStatus;
import dev.tandem.run.RunCursor;
import dev.tandem.run.RunEvent.Bill;
import dev.tandem.run.RunInfo;
import dev.tandem.run.RunState;
import dev.tandem.v1.Heartbeat;
import dev.tandem.v1.ReasoningDelta;
import dev.tandem.v1.ResumeVerdict;
import dev.tandem.v1.RunCancelled;
import dev.tandem.v1.RunCompleted;
import dev.tandem.v1.RunError;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.RunFailed;
import dev.tandem.v1.RunInterrupted;
import dev.tandem.v1.RunQueued;
import dev.tandem.v1.RunResumed;
import dev.tandem.v1.RunStarted;
import dev.tandem.v1.RunWarning;
import dev.tandem.v1.ServerCallArguments;
import dev.tandem.v1.TextDelta;
import dev.tandem.v1.ToolCallDelta;
import dev.tandem.v1.ToolResult;
import dev.tandem.v1.ToolUse;
import dev.tandem.v1.TurnStarted;
import java.time.Duration;
import java.util.Optional;

/// Events of runs, from domain to wire.
final class RunEvents {
    private RunEvents() {}

    static RunEvent heartbeat(String runId) {
        return RunEvent.newBuilder()
                .setRunId(runId)
                .setHeartbeat(Heartbeat.getDefaultInstance())
                .build();
    }

    /// How a reader that came back continues.
    ///
    /// @param snapshot the message so far, in the place of a hole
    static RunEvent resumed(
            RunInfo run, RunState state, ResumeVerdict verdict, Optional<Message> snapshot) {
        RunResumed.Builder wire =
                RunResumed.newBuilder()
                        .setVerdict(verdict)
                        .setState(RunWire.state(state))
                        .setStarted(started(run));
        snapshot.map(ChatMessages::wire).ifPresent(wire::setSnapshot);
        return RunEvent.newBuilder().setRunId(run.id()).setResumed(wire).build();
    }

    /// @param place where the event stands; empty for a run that is not kept
    static RunEvent wire(String runId, dev.tandem.run.RunEvent event, Optional<RunCursor> place) {
        RunEvent.Builder wire = RunEvent.newBuilder().setRunId(runId);
        place.map(RunCursor::text).ifPresent(wire::setCursor);
        switch (event) {
            case dev.tandem.run.RunEvent.Queued(int ahead) ->
                    wire.setQueued(RunQueued.newBuilder().setAhead(ahead));
            case dev.tandem.run.RunEvent.Started(RunInfo info) -> wire.setStarted(started(info));
            case dev.tandem.run.RunEvent.Text(String text) ->
                    wire.setText(TextDelta.newBuilder().setText(text));
            case dev.tandem.run.RunEvent.Reasoning(String text) ->
                    wire.setReasoning(ReasoningDelta.newBuilder().setText(text));
            case dev.tandem.run.RunEvent.ToolCall(int index, String id, String name) ->
                    wire.setToolCall(
                            ToolCallDelta.newBuilder().setIndex(index).setId(id).setName(name));
            case dev.tandem.run.RunEvent.ToolArguments(int index, String fragment) ->
                    wire.setToolCall(
                            ToolCallDelta.newBuilder().setIndex(index).setArgumentsDelta(fragment));
            case dev.tandem.run.RunEvent.ToolUse(String id, String name, String input) ->
                    wire.setToolUse(
                            ToolUse.newBuilder().setId(id).setName(name).setInputJson(input));
            case dev.tandem.run.RunEvent.ToolResult result -> wire.setToolResult(result(result));
            case dev.tandem.run.RunEvent.ServerCall call ->
                    wire.setServerCall(ToolEvents.started(call));
            case dev.tandem.run.RunEvent.ServerArguments(String id, String fragment) ->
                    wire.setServerCallArguments(
                            ServerCallArguments.newBuilder().setId(id).setDelta(fragment));
            case dev.tandem.run.RunEvent.CallProgress news ->
                    wire.setServerCallProgress(ToolEvents.progress(news));
            case dev.tandem.run.RunEvent.ApprovalAsked(Approval open) ->
                    wire.setApproval(ApprovalWire.approval(open));
            case dev.tandem.run.RunEvent.ApprovalDecided(Approval closed) ->
                    wire.setApprovalResolved(ApprovalWire.approval(closed));
            case dev.tandem.run.RunEvent.Warned(String source, String message) ->
                    wire.setWarning(RunWarning.newBuilder().setSource(source).setMessage(message));
            case dev.tandem.run.RunEvent.TurnStarted turn ->
                    wire.setTurn(TurnStarted.newBuilder().setStep(turn.step()));
            case dev.tandem.run.RunEvent.Completed done -> wire.setCompleted(completed(done));
            case dev.tandem.run.RunEvent.Failed(Failure failure, Bill bill) ->
                    wire.setFailed(
                            RunFailed.newBuilder().setError(error(failure)).setUsage(usage(bill)));
            case dev.tandem.run.RunEvent.Cancelled(Bill bill) ->
                    wire.setCancelled(RunCancelled.newBuilder().setUsage(usage(bill)));
            case dev.tandem.run.RunEvent.Interrupted(Bill bill) ->
                    wire.setInterrupted(RunInterrupted.newBuilder().setUsage(usage(bill)));
        }
        return wire.build();
    }

    private static RunStarted.Builder started(RunInfo info) {
        RunStarted.Builder started =
                RunStarted.newBuilder()
                        .setCompletionId(Ids.Runs.completionId(info.id()))
                        .setModel(info.model())
                        .setCreated(Fields.timestamp(info.createdAt()))
                        .addAllIgnoredParameters(info.ignoredParameters());
        info.sessionId().ifPresent(started::setSessionId);
        info.projectId().ifPresent(started::setProjectId);
        return started;
    }

    private static ToolResult.Builder result(dev.tandem.run.RunEvent.ToolResult result) {
        ToolResult.Builder wire =
                ToolResult.newBuilder()
                        .setToolId(result.id())
                        .setName(result.name())
                        .setContent(result.content())
                        .setIsError(result.failed());
        result.took().map(Duration::toMillis).ifPresent(wire::setDurationMs);
        return wire;
    }

    private static RunCompleted.Builder completed(dev.tandem.run.RunEvent.Completed done) {
        RunCompleted.Builder wire =
                RunCompleted.newBuilder()
                        .setFinishReason(done.reason().word())
                        .setUsage(usage(done.bill()));
        done.stopSequence().ifPresent(wire::setStopSequence);
        done.messageId().ifPresent(wire::setMessageId);
        done.refusal().ifPresent(wire::setRefusal);
        return wire;
    }

    static RunError error(Failure failure) {
        RunError.Builder error =
                RunError.newBuilder()
                        .setCode(failure.code().word())
                        .setMessage(failure.text())
                        .setStatus(FailureStatus.of(failure.code()).http());
        failure.param().ifPresent(error::setParam);
        failure.retryAfter()
                .map(wait -> wait.toMillis() / 1000.0)
                .ifPresent(error::setRetryAfterSeconds);
        return error.build();
    }

    static dev.tandem.v1.Usage.Builder usage(Bill bill) {
        dev.tandem.v1.Usage.Builder wire = usage(bill.usage());
        bill.costNanos().ifPresent(wire::setTotalCostNanos);
        return wire;
    }

    static dev.tandem.v1.Usage.Builder usage(Usage usage) {
        return dev.tandem.v1.Usage.newBuilder()
                .setInputTokens(usage.inputTokens())
                .setCacheReadInputTokens(usage.cacheReadTokens())
                .setCacheCreationInputTokens(usage.cacheWriteTokens())
                .setOutputTokens(usage.outputTokens())
                .setReasoningTokens(usage.reasoningTokens());
    }
}
