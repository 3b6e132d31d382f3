package dev.tandem.service;

import dev.tandem.audit.AuditEntry;
import dev.tandem.audit.AuditLog;
import dev.tandem.audit.AuditQuery;
import dev.tandem.audit.Status;
import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.failure.Failure;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.rpc.Call;
import dev.tandem.session.Session;
import dev.tandem.session.SessionStore;
import dev.tandem.session.StoredMessage;
import dev.tandem.tool.ToolPrecedence;
import dev.tandem.tool.ToolSelection;
import dev.tandem.v1.GetSessionToolsRequest;
import dev.tandem.v1.SetSessionToolsRequest;
import dev.tandem.v1.ToolExecution;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Serves which of this server's tools a session offers, and what they did for it.
public final class SessionTools {
    private final SessionStore sessions;
    private final ToolPrecedence precedence;
    private final AuditLog audit;
    private final Predicate<String> isPlugin;

    /// @param isPlugin whether a server's id is a plugin's
    public SessionTools(
            SessionStore sessions,
            ToolPrecedence precedence,
            AuditLog audit,
            Predicate<String> isPlugin) {
        this.sessions = sessions;
        this.precedence = precedence;
        this.audit = audit;
        this.isPlugin = isPlugin;
    }

    Contract bind(Contract contract) {
        dev.tandem.v1.SessionTools tools = dev.tandem.v1.SessionTools.getDefaultInstance();
        return contract.unary(
                        "GetSessionTools",
                        GetSessionToolsRequest.getDefaultInstance(),
                        tools,
                        this::get)
                .unary(
                        "SetSessionTools",
                        SetSessionToolsRequest.getDefaultInstance(),
                        tools,
                        this::set);
    }

    /// A copy of a session offers what the session offers.
    void copy(String tenant, String from, String to) {
        ToolSelection chosen = precedence.selections().find(tenant, from);
        if (!chosen.isEmpty()) {
            precedence.selections().save(tenant, to, chosen);
        }
    }

    private dev.tandem.v1.SessionTools get(Call call, GetSessionToolsRequest request) {
        Session session = session(call, request.getSessionId());
        AuditQuery query = AuditQuery.ALL.ofSession(session.id());
        PageRequest page =
                PageRequest.of(
                        Fields.number(request.hasPageSize(), request.getPageSize()),
                        Fields.text(request.hasPageToken(), request.getPageToken()),
                        query.list());
        return answer(session, audit.list(call.tenant(), query, page));
    }

    private dev.tandem.v1.SessionTools set(Call call, SetSessionToolsRequest request) {
        Session session = session(call, request.getSessionId());
        ToolSelection chosen =
                new ToolSelection(
                        Fields.flag(request.hasEnabled(), request.getEnabled()),
                        request.getEnabledServersList(),
                        request.getEnabledToolsList(),
                        request.getPriorityList(),
                        Fields.flag(request.hasAuditLog(), request.getAuditLog()));
        precedence.selections().save(call.tenant(), session.id(), chosen);
        AuditQuery query = AuditQuery.ALL.ofSession(session.id());
        PageRequest first = PageRequest.of(Optional.empty(), Optional.empty(), query.list());
        return answer(session, audit.list(call.tenant(), query, first));
    }

    private Session session(Call call, String id) {
        return sessions.find(call.tenant(), id)
                .orElseThrow(
                        () -> Failure.notFound("session_id", "There is no session " + id + "."));
    }

    private dev.tandem.v1.SessionTools answer(Session session, Page<AuditEntry> calls) {
        String tenant = session.tenant();
        ToolSelection chosen = precedence.selections().find(tenant, session.id());
        ToolSelection inForce =
                precedence.of(tenant, Optional.of(session.id()), session.projectId());
        dev.tandem.v1.SessionTools.Builder answer =
                dev.tandem.v1.SessionTools.newBuilder()
                        .setSessionId(session.id())
                        .setConfigured(ToolSelectionWire.wire(chosen))
                        .setInForce(ToolSelectionWire.wire(inForce))
                        .setHasMore(calls.next().isPresent());
        Map<String, String> outputs = calls.items().isEmpty() ? Map.of() : outputs(session);
        calls.items().forEach(entry -> answer.addExecutions(execution(entry, outputs)));
        calls.next().map(PageToken::text).ifPresent(answer::setNextPageToken);
        return answer.build();
    }

    /// What the model was answered, by run and call.
    private Map<String, String> outputs(Session session) {
        Map<String, String> outputs = new HashMap<>();
        for (StoredMessage stored : sessions.history(session.tenant(), session.id())) {
            if (stored.message().role() == Role.TOOL) {
                stored.runId().ifPresent(run -> note(run, stored.message(), outputs));
            }
        }
        return outputs;
    }

    private static void note(String run, Message message, Map<String, String> outputs) {
        for (Content piece : message.content()) {
            if (piece instanceof Content.ToolResult result) {
                outputs.put(run + "/" + result.toolUseId(), ChatMessages.text(message));
            }
        }
    }

    private ToolExecution execution(AuditEntry entry, Map<String, String> outputs) {
        String run = entry.call().scope().runId().orElse("");
        ToolExecution.Builder wire =
                ToolExecution.newBuilder()
                        .setId(entry.call().callId())
                        .setToolName(entry.call().tool())
                        .setToolType(isPlugin.test(entry.call().server()) ? "plugin" : "mcp")
                        .setServer(entry.call().server())
                        .setInputParamsJson(entry.call().argumentsJson().orElse(""))
                        .setOutput(outputs.getOrDefault(run + "/" + entry.call().callId(), ""))
                        .setStatus(entry.status().word())
                        .setCreatedAt(Fields.timestamp(entry.decidedAt()));
        entry.call().scope().runId().ifPresent(wire::setRunId);
        if (entry.status() == Status.LOST) {
            wire.setErrorMessage("The server was stopped before the call had ended.");
        }
        entry.outcome().ifPresent(outcome -> ended(outcome, wire));
        return wire.build();
    }

    private static void ended(AuditEntry.Outcome outcome, ToolExecution.Builder wire) {
        wire.setExecutionTimeMs(outcome.took().toMillis());
        wire.setCompletedAt(Fields.timestamp(outcome.endedAt()));
        outcome.error().ifPresent(wire::setErrorMessage);
    }
}
