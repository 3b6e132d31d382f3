package dev.tandem.service;

import dev.tandem.audit.AuditEntry;
import dev.tandem.audit.AuditLog;
import dev.tandem.audit.AuditQuery;
import dev.tandem.audit.Status;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.tool.ToolScope;
import dev.tandem.v1.Audit;
import dev.tandem.v1.AuditOutcome;
import dev.tandem.v1.ListAuditEntriesRequest;
import dev.tandem.v1.ListAuditEntriesResponse;
import java.util.List;

/// Serves the audit log.
public final class AuditService {
    private final AuditLog log;

    public AuditService(AuditLog log) {
        this.log = log;
    }

    /// The methods of the contract, bound to this service.
    public List<RpcMethod<?, ?>> methods() {
        return new Contract(Audit.getDescriptor(), "AuditService")
                .unary(
                        "ListAuditEntries",
                        ListAuditEntriesRequest.getDefaultInstance(),
                        ListAuditEntriesResponse.getDefaultInstance(),
                        this::list)
                .methods();
    }

    private ListAuditEntriesResponse list(Call call, ListAuditEntriesRequest request) {
        AuditQuery query =
                new AuditQuery(
                        Fields.text(request.hasSessionId(), request.getSessionId()),
                        Fields.text(request.hasProjectId(), request.getProjectId()),
                        Fields.text(request.hasRunId(), request.getRunId()),
                        Fields.text(request.hasServer(), request.getServer()),
                        Fields.text(request.hasTool(), request.getTool()),
                        Fields.text(request.hasOutcome(), request.getOutcome()).map(Status::of),
                        Fields.time("from", request.hasFrom(), request.getFrom()),
                        Fields.time("to", request.hasTo(), request.getTo()));
        PageRequest page =
                PageRequest.of(
                        Fields.number(request.hasPageSize(), request.getPageSize()),
                        Fields.text(request.hasPageToken(), request.getPageToken()),
                        query.list());
        Page<AuditEntry> found = log.list(call.tenant(), query, page);
        ListAuditEntriesResponse.Builder answer =
                ListAuditEntriesResponse.newBuilder().setHasMore(found.next().isPresent());
        found.items().forEach(entry -> answer.addData(wire(entry)));
        found.next().map(PageToken::text).ifPresent(answer::setNextPageToken);
        return answer.build();
    }

    private static dev.tandem.v1.AuditEntry wire(AuditEntry entry) {
        ToolScope scope = entry.call().scope();
        dev.tandem.v1.AuditEntry.Builder wire =
                dev.tandem.v1.AuditEntry.newBuilder()
                        .setSeq(entry.seq())
                        .setKeyName(scope.keyName())
                        .setToolCallId(entry.call().callId())
                        .setServer(entry.call().server())
                        .setTool(entry.call().tool())
                        .setArgumentsHash(entry.call().argumentsHash())
                        .setAllowed(entry.ruling().allowed())
                        .setDecidedBy(entry.ruling().by())
                        .setDecidedAt(Fields.timestamp(entry.decidedAt()))
                        .setOutcome(outcome(entry.status()));
        scope.projectId().ifPresent(wire::setProjectId);
        scope.sessionId().ifPresent(wire::setSessionId);
        scope.runId().ifPresent(wire::setRunId);
        entry.call().argumentsJson().ifPresent(wire::setArgumentsJson);
        entry.outcome().ifPresent(outcome -> end(outcome, wire));
        return wire.build();
    }

    private static void end(AuditEntry.Outcome outcome, dev.tandem.v1.AuditEntry.Builder wire) {
        wire.setEndedAt(Fields.timestamp(outcome.endedAt()));
        wire.setDurationMs(outcome.took().toMillis());
        outcome.error().ifPresent(wire::setError);
    }

    private static AuditOutcome outcome(Status status) {
        return switch (status) {
            case RUNNING -> AuditOutcome.AUDIT_OUTCOME_RUNNING;
            case LOST -> AuditOutcome.AUDIT_OUTCOME_LOST;
            case SUCCEEDED -> AuditOutcome.AUDIT_OUTCOME_SUCCEEDED;
            case FAILED -> AuditOutcome.AUDIT_OUTCOME_FAILED;
            case DENIED -> AuditOutcome.AUDIT_OUTCOME_DENIED;
            case TIMED_OUT -> AuditOutcome.AUDIT_OUTCOME_TIMED_OUT;
            case CANCELLED -> AuditOutcome.AUDIT_OUTCOME_CANCELLED;
            case UNAVAILABLE -> AuditOutcome.AUDIT_OUTCOME_UNAVAILABLE;
        };
    }
}
