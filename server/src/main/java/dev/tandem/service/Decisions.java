package dev.tandem.service;

import dev.tandem.approval.Answer;
import dev.tandem.approval.Approval.Remember;
import dev.tandem.approval.Approval.State;
import dev.tandem.approval.Approval;
import dev.tandem.approval.ApprovalQuery;
import dev.tandem.approval.Approvals;
import dev.tandem.failure.Failure;
import dev.tandem.id.Ids;
import dev.tandem.page.PageRequest;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.Wire;
import dev.tandem.v1.ResolveApprovalRequest;
import dev.tandem.v1.ResolveToolCallRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What people decide about calls that wait, whichever way they name them.
public final class Decisions {
    private final Approvals approvals;

    public Decisions(Approvals approvals) {
        this.approvals = approvals;
    }

    dev.tandem.v1.Approval ofApproval(Call call, ResolveApprovalRequest request) {
        Answer answer =
                answer(
                        call,
                        request.getDecision(),
                        Fields.text(request.hasRemember(), request.getRemember()),
                        Fields.text(request.hasContentJson(), request.getContentJson()),
                        Fields.text(request.hasNote(), request.getNote()));
        return decide(call, request.getApprovalId(), answer);
    }

    /// Of the questions that a call has raised the open one is meant, else the latest.
    dev.tandem.v1.Approval ofCall(Call call, ResolveToolCallRequest request) {
        String run = Ids.Runs.runId(request.getRunId());
        ApprovalQuery query =
                new ApprovalQuery(Optional.empty(), Optional.empty(), Optional.of(run));
        PageRequest all = new PageRequest(PageRequest.SIZE_MAX, Optional.empty());
        List<Approval> raised =
                approvals.list(call.tenant(), query, all).items().stream()
                        .filter(one -> one.callId().equals(Optional.of(request.getToolCallId())))
                        .toList();
        Approval meant =
                raised.stream()
                        .filter(one -> one.state() == State.PENDING)
                        .findFirst()
                        .or(() -> raised.stream().findFirst())
                        .orElseThrow(() -> absent(request));
        Answer answer =
                answer(
                        call,
                        request.getDecision(),
                        Fields.text(request.hasRemember(), request.getRemember()),
                        Fields.text(request.hasContentJson(), request.getContentJson()),
                        Fields.text(request.hasNote(), request.getNote()));
        return decide(call, meant.id(), answer);
    }

    private static Failure absent(ResolveToolCallRequest request) {
        return Failure.notFound(
                "tool_call_id",
                "The run "
                        + request.getRunId()
                        + " has asked nothing about a call "
                        + request.getToolCallId()
                        + ".");
    }

    private static Answer answer(
            Call call,
            String decision,
            Optional<String> remember,
            Optional<String> contentJson,
            Optional<String> note) {
        return new Answer(
                decision.equals("allow"),
                call.caller().keyName(),
                remember.map(word -> Remember.valueOf(word.toUpperCase(Locale.ROOT)))
                        .orElse(Remember.ONCE),
                contentJson,
                note.filter(text -> !text.isBlank()));
    }

    private dev.tandem.v1.Approval decide(Call call, String id, Answer answer) {
        try {
            return ApprovalWire.approval(approvals.resolve(call.tenant(), id, answer));
        } catch (Failure refused) {
            throw named(call, refused);
        }
    }

    /// What carries JSON as text over gRPC is JSON everywhere else, and is called so.
    private static Failure named(Call call, Failure refused) {
        boolean content = refused.param().filter("content_json"::equals).isPresent();
        return content && call.wire() != Wire.GRPC ? refused.at("content") : refused;
    }
}
