package dev.tandem.service;

import dev.tandem.approval.Approval;
import dev.tandem.approval.Approval.Decision;
import dev.tandem.approval.Approval.Request;
import dev.tandem.approval.ToolRule;
import dev.tandem.v1.ApprovalKind;
import dev.tandem.v1.ApprovalScope;
import dev.tandem.v1.ApprovalState;

/// Approvals and rules in the contract's form.
final class ApprovalWire {
    private ApprovalWire() {}

    static dev.tandem.v1.Approval approval(Approval approval) {
        dev.tandem.v1.Approval.Builder wire =
                dev.tandem.v1.Approval.newBuilder()
                        .setId(approval.id())
                        .setState(state(approval.state()))
                        .setServer(approval.server())
                        .setTool(approval.tool())
                        .setArgumentsJson(approval.argumentsJson())
                        .setKeyName(approval.keyName())
                        .setCreatedAt(Fields.timestamp(approval.createdAt()))
                        .setExpiresAt(Fields.timestamp(approval.expiresAt()));
        approval.projectId().ifPresent(wire::setProjectId);
        approval.sessionId().ifPresent(wire::setSessionId);
        approval.runId().ifPresent(wire::setRunId);
        approval.callId().ifPresent(wire::setToolCallId);
        ask(approval.request(), wire);
        approval.decision().ifPresent(decision -> decide(decision, wire));
        return wire.build();
    }

    private static void ask(Request request, dev.tandem.v1.Approval.Builder wire) {
        switch (request) {
            case Request.Call(String reason) ->
                    wire.setKind(ApprovalKind.APPROVAL_KIND_CALL).setMessage(reason);
            case Request.Form(String message, String schema) ->
                    wire.setKind(ApprovalKind.APPROVAL_KIND_FORM)
                            .setMessage(message)
                            .setSchemaJson(schema);
            case Request.Page(String message, String url) ->
                    wire.setKind(ApprovalKind.APPROVAL_KIND_PAGE).setMessage(message).setUrl(url);
            case Request.Sampling(String message, String params) ->
                    wire.setKind(ApprovalKind.APPROVAL_KIND_SAMPLING)
                            .setMessage(message)
                            .setParamsJson(params);
        }
    }

    private static void decide(Decision decision, dev.tandem.v1.Approval.Builder wire) {
        wire.setDecidedAt(Fields.timestamp(decision.at()));
        decision.by().ifPresent(wire::setDecidedBy);
        decision.by().ifPresent(_ -> wire.setRemember(scope(decision.remember())));
        decision.contentJson().ifPresent(wire::setContentJson);
        decision.note().ifPresent(wire::setNote);
    }

    private static ApprovalState state(Approval.State state) {
        return switch (state) {
            case PENDING -> ApprovalState.APPROVAL_STATE_PENDING;
            case ALLOWED -> ApprovalState.APPROVAL_STATE_ALLOWED;
            case DENIED -> ApprovalState.APPROVAL_STATE_DENIED;
            case EXPIRED -> ApprovalState.APPROVAL_STATE_EXPIRED;
            case CANCELLED -> ApprovalState.APPROVAL_STATE_CANCELLED;
        };
    }

    private static ApprovalScope scope(Approval.Remember remember) {
        return switch (remember) {
            case ONCE -> ApprovalScope.APPROVAL_SCOPE_ONCE;
            case SESSION -> ApprovalScope.APPROVAL_SCOPE_SESSION;
            case PROJECT -> ApprovalScope.APPROVAL_SCOPE_PROJECT;
        };
    }

    static dev.tandem.v1.ToolRule rule(ToolRule rule) {
        dev.tandem.v1.ToolRule.Builder wire =
                dev.tandem.v1.ToolRule.newBuilder()
                        .setId(rule.id())
                        .setServer(rule.server())
                        .setTool(rule.tool())
                        .setAllow(rule.allow())
                        .setMadeBy(rule.madeBy())
                        .setApprovalId(rule.approvalId())
                        .setCreatedAt(Fields.timestamp(rule.createdAt()));
        rule.sessionId().ifPresent(wire::setSessionId);
        rule.projectId().ifPresent(wire::setProjectId);
        return wire.build();
    }
}
