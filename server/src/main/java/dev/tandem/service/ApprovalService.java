package dev.tandem.service;

import dev.tandem.approval.Approval;
import dev.tandem.approval.Approval.State;
import dev.tandem.approval.ApprovalQuery;
import dev.tandem.approval.Approvals;
import dev.tandem.approval.ToolRule;
import dev.tandem.approval.ToolRuleQuery;
import dev.tandem.approval.ToolRuleStore;
import dev.tandem.failure.Failure;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.v1.ApprovalOuterClass;
import dev.tandem.v1.DeleteToolRuleRequest;
import dev.tandem.v1.DeleteToolRuleResponse;
import dev.tandem.v1.GetApprovalRequest;
import dev.tandem.v1.ListApprovalsRequest;
import dev.tandem.v1.ListApprovalsResponse;
import dev.tandem.v1.ListToolRulesRequest;
import dev.tandem.v1.ListToolRulesResponse;
import dev.tandem.v1.ResolveApprovalRequest;
import java.util.List;
import java.util.Locale;

/// Serves approvals, and the rules that are remembered of them.
public final class ApprovalService {
    private final Approvals approvals;
    private final Decisions decisions;
    private final ToolRuleStore rules;

    public ApprovalService(Approvals approvals, Decisions decisions, ToolRuleStore rules) {
        this.approvals = approvals;
        this.decisions = decisions;
        this.rules = rules;
    }

    /// The methods of the contract, bound to this service.
    public List<RpcMethod<?, ?>> methods() {
        dev.tandem.v1.Approval approval = dev.tandem.v1.Approval.getDefaultInstance();
        return new Contract(ApprovalOuterClass.getDescriptor(), "ApprovalService")
                .unary(
                        "ListApprovals",
                        ListApprovalsRequest.getDefaultInstance(),
                        ListApprovalsResponse.getDefaultInstance(),
                        this::list)
                .unary("GetApproval", GetApprovalRequest.getDefaultInstance(), approval, this::get)
                .unary(
                        "ResolveApproval",
                        ResolveApprovalRequest.getDefaultInstance(),
                        approval,
                        decisions::ofApproval)
                .unary(
                        "ListToolRules",
                        ListToolRulesRequest.getDefaultInstance(),
                        ListToolRulesResponse.getDefaultInstance(),
                        this::listRules)
                .unary(
                        "DeleteToolRule",
                        DeleteToolRuleRequest.getDefaultInstance(),
                        DeleteToolRuleResponse.getDefaultInstance(),
                        this::deleteRule)
                .methods();
    }

    private ListApprovalsResponse list(Call call, ListApprovalsRequest request) {
        ApprovalQuery query =
                new ApprovalQuery(
                        Fields.text(request.hasState(), request.getState())
                                .map(word -> State.valueOf(word.toUpperCase(Locale.ROOT))),
                        Fields.text(request.hasSessionId(), request.getSessionId()),
                        Fields.text(request.hasRunId(), request.getRunId()));
        PageRequest page =
                PageRequest.of(
                        Fields.number(request.hasPageSize(), request.getPageSize()),
                        Fields.text(request.hasPageToken(), request.getPageToken()),
                        query.list());
        Page<Approval> found = approvals.list(call.tenant(), query, page);
        ListApprovalsResponse.Builder answer =
                ListApprovalsResponse.newBuilder().setHasMore(found.next().isPresent());
        found.items().forEach(one -> answer.addData(ApprovalWire.approval(one)));
        found.next().map(PageToken::text).ifPresent(answer::setNextPageToken);
        return answer.build();
    }

    private dev.tandem.v1.Approval get(Call call, GetApprovalRequest request) {
        String id = request.getApprovalId();
        return approvals
                .find(call.tenant(), id)
                .map(ApprovalWire::approval)
                .orElseThrow(
                        () -> Failure.notFound("approval_id", "There is no approval " + id + "."));
    }

    private ListToolRulesResponse listRules(Call call, ListToolRulesRequest request) {
        ToolRuleQuery query =
                new ToolRuleQuery(
                        Fields.text(request.hasSessionId(), request.getSessionId()),
                        Fields.text(request.hasProjectId(), request.getProjectId()));
        PageRequest page =
                PageRequest.of(
                        Fields.number(request.hasPageSize(), request.getPageSize()),
                        Fields.text(request.hasPageToken(), request.getPageToken()),
                        query.list());
        Page<ToolRule> found = rules.list(call.tenant(), query, page);
        ListToolRulesResponse.Builder answer =
                ListToolRulesResponse.newBuilder().setHasMore(found.next().isPresent());
        found.items().forEach(rule -> answer.addData(ApprovalWire.rule(rule)));
        found.next().map(PageToken::text).ifPresent(answer::setNextPageToken);
        return answer.build();
    }

    private DeleteToolRuleResponse deleteRule(Call call, DeleteToolRuleRequest request) {
        String id = request.getRuleId();
        if (!rules.delete(call.tenant(), id)) {
            throw Failure.notFound("rule_id", "There is no rule " + id + ".");
        }
        return DeleteToolRuleResponse.getDefaultInstance();
    }
}
