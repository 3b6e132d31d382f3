package dev.tandem.service;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.session.Session;
import dev.tandem.session.SessionTotals;
import dev.tandem.session.SessionsTotals;
import dev.tandem.session.StoredMessage;
import dev.tandem.v1.SessionMessage;
import dev.tandem.v1.SessionStats;
import dev.tandem.v1.SessionsStats;

/// Sessions and their messages, from domain to wire.
final class SessionMessages {
    private SessionMessages() {}

    static dev.tandem.v1.Session session(Session session) {
        dev.tandem.v1.Session.Builder wire =
                dev.tandem.v1.Session.newBuilder()
                        .setId(session.id())
                        .setCreatedAt(Fields.timestamp(session.createdAt()))
                        .setUpdatedAt(Fields.timestamp(session.updatedAt()))
                        .setIsActive(session.active())
                        .setTotalTokens(session.totalTokens())
                        .setTotalCostNanos(session.totalCostNanos())
                        .setMessageCount(session.messageCount())
                        .setUnpricedRuns(session.unpricedRuns());
        session.projectId().ifPresent(wire::setProjectId);
        session.title().ifPresent(wire::setTitle);
        session.model().ifPresent(wire::setModel);
        session.systemPrompt().ifPresent(wire::setSystemPrompt);
        return wire.build();
    }

    static SessionMessage message(StoredMessage stored) {
        Message message = stored.message();
        SessionMessage.Builder wire =
                SessionMessage.newBuilder()
                        .setId(stored.id())
                        .setSessionId(stored.sessionId())
                        .setRole(message.role().word())
                        .setContent(ChatMessages.text(message))
                        .setTokenCount(stored.tokenCount())
                        .setCreatedAt(Fields.timestamp(stored.createdAt()))
                        .addAllParts(ChatMessages.parts(message));
        message.toolUses().forEach(use -> wire.addToolCalls(ChatMessages.toolCall(use)));
        message.content().stream()
                .filter(Content.ToolResult.class::isInstance)
                .map(result -> ((Content.ToolResult) result).toolUseId())
                .findFirst()
                .ifPresent(wire::setToolCallId);
        stored.runId().ifPresent(wire::setRunId);
        if (!message.reasoning().isEmpty()) {
            wire.setReasoningContent(message.reasoning());
        }
        return wire.build();
    }

    static SessionsStats totals(SessionsTotals totals) {
        return SessionsStats.newBuilder()
                .setActiveSessions(totals.active())
                .setTotalTokens(totals.tokens())
                .setTotalCostNanos(totals.costNanos())
                .setTotalMessages(totals.messages())
                .setTotalSessions(totals.sessions())
                .build();
    }

    static SessionStats totals(String sessionId, SessionTotals totals) {
        return SessionStats.newBuilder()
                .setSessionId(sessionId)
                .setMessageCount(totals.messages())
                .setUserMessages(totals.userMessages())
                .setAssistantMessages(totals.assistantMessages())
                .setToolMessages(totals.toolMessages())
                .setRunCount(totals.runs())
                .setFailedRuns(totals.failedRuns())
                .setUnpricedRuns(totals.unpricedRuns())
                .setUsage(RunEvents.usage(totals.usage()).setTotalCostNanos(totals.costNanos()))
                .setTotalTokens(totals.usage().totalTokens())
                .setTotalCostNanos(totals.costNanos())
                .build();
    }
}
