package dev.tandem.storage;

import dev.tandem.approval.Approval;
import dev.tandem.approval.Approval.Decision;
import dev.tandem.approval.Approval.Remember;
import dev.tandem.approval.Approval.Request;
import dev.tandem.approval.Approval.State;
import dev.tandem.approval.CallMark;
import dev.tandem.approval.Inquiry;
import dev.tandem.audit.AuditCall;
import dev.tandem.audit.Sha256;
import dev.tandem.id.Ids;
import dev.tandem.tool.ToolScope;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Calls of tools, and what people are asked about them.
public final class ToolSamples {
    public static final ToolScope SCOPE =
            scope(Samples.TENANT, Optional.of("sess_1"), Optional.of("run_1"));
    public static final CallMark MARK = new CallMark("arguments", "definition");
    public static final Request CALL = new Request.Call("This tool says that it may destroy.");

    private static final Ids IDS = new Ids(InstantSource.fixed(Samples.NOON), new SecureRandom());

    private ToolSamples() {}

    public static ToolScope scope(
            String tenant, Optional<String> sessionId, Optional<String> runId) {
        return new ToolScope(tenant, "phone", false, Optional.of("proj_1"), sessionId, runId);
    }

    /// An approval that is open until ten minutes after noon.
    public static Approval approval(ToolScope scope, Request request) {
        return approval(IDS.approval(), scope, request, Samples.NOON);
    }

    /// An approval that is open for ten minutes.
    public static Approval approval(String id, ToolScope scope, Request request, Instant asked) {
        return new Approval(
                id,
                scope.tenant(),
                scope.keyName(),
                scope.projectId(),
                scope.sessionId(),
                scope.runId(),
                scope.runId().map(_ -> "call_1"),
                "files",
                "write",
                "{\"path\":\"a\"}",
                request,
                asked,
                asked.plus(Duration.ofMinutes(10)),
                Optional.empty());
    }

    public static Decision decision(State state, Remember remember, Instant at) {
        return new Decision(
                state,
                Optional.of("laptop"),
                remember,
                Optional.of("{\"name\":\"Ada\"}"),
                Optional.of("Go on."),
                at);
    }

    public static Inquiry inquiry(ToolScope scope, String arguments, Request request) {
        return new Inquiry(
                scope,
                "call_1",
                "files",
                "write",
                arguments,
                new CallMark(Sha256.of(arguments), "definition"),
                request);
    }

    public static AuditCall auditCall(ToolScope scope, String callId) {
        return new AuditCall(
                scope,
                callId,
                "files",
                "write",
                Optional.of("{\"path\":\"a\"}"),
                Sha256.of("{\"path\":\"a\"}"));
    }
}
