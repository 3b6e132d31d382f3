package dev.tandem.session;

import dev.tandem.conversation.Message;
import java.time.Instant;
import java.util.Optional;

/// A message that is kept in a session.
///
/// @param runId the run that stored it
/// @param tokenCount of an answer, as the provider counted; of other messages, an estimate
public record StoredMessage(
        String id,
        String sessionId,
        Optional<String> runId,
        Message message,
        long tokenCount,
        Instant createdAt) {}
