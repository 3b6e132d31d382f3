package dev.tandem.session;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// How to copy a session into a new one.
///
/// @param newId the new session's id
/// @param lastMessageId the last message to copy; empty for all
/// @param title the new session's; empty for that of the copied one, an empty text for none
/// @param messageIds makes ids for the copies, which sort as they are made
/// @param now when the new session begins
public record SessionFork(
        String newId,
        Optional<String> lastMessageId,
        Optional<String> title,
        Supplier<String> messageIds,
        Instant now) {

    /// The new session, in which nothing is yet.
    public Session of(Session copied) {
        return Session.fresh(
                newId,
                copied.tenant(),
                copied.projectId(),
                title.or(copied::title).filter(text -> !text.isEmpty()),
                copied.model(),
                copied.systemPrompt(),
                now);
    }
}
