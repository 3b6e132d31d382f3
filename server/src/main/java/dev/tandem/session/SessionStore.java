package dev.tandem.session;

import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Where sessions and their messages are kept. Every look-up names the tenant; another tenant's
/// session is as absent as one that never was. What a method has returned from is durable. Messages
/// are added by the runs that make them, see `RunStore`. Safe for use by many threads.
public interface SessionStore {
    /// Stores a session.
    ///
    /// @throws dev.tandem.failure.Failure NOT_FOUND, param `project_id`, where there is no such
    ///     project
    void create(Session session);

    Optional<Session> find(String tenant, String id);

    /// Newest first. The tokens' list is [#listName(Optional)].
    Page<Session> list(String tenant, Optional<String> projectId, PageRequest page);

    /// Changes a session and returns it as it is then; empty where it is absent.
    Optional<Session> update(String tenant, String id, SessionChange change, Instant now);

    /// Copies a session and its messages, up to one of them or all, into a new one that has used
    /// nothing yet. A provider's own form of a message is copied as it is. Returns the new session;
    /// empty where the one to copy is absent.
    ///
    /// @throws dev.tandem.failure.Failure NOT_FOUND, param `message_id`, where the session has no
    ///     such message; RUN_IN_PROGRESS, naming the run, where all is to be copied and the session
    ///     is answering
    Optional<Session> fork(String tenant, String id, SessionFork fork);

    /// Removes a session's messages; what it has used stays. Returns it as it is then; empty where
    /// it is absent.
    ///
    /// @throws dev.tandem.failure.Failure RUN_IN_PROGRESS, naming the run, where the session is
    ///     answering
    Optional<Session> clear(String tenant, String id, Instant now);

    /// Deletes a session with its messages. Its runs stay, for the sums of usage. Whether there was
    /// one.
    boolean delete(String tenant, String id);

    /// The tokens' list is [MessageQuery#list(String)]. Empty where the session is absent.
    Optional<Page<StoredMessage>> messages(
            String tenant, String sessionId, MessageQuery query, PageRequest page);

    /// Every message of a session, oldest first; none where the session is absent.
    List<StoredMessage> history(String tenant, String sessionId);

    SessionsTotals totals(String tenant);

    /// Empty where the session is absent.
    Optional<SessionTotals> totals(String tenant, String sessionId);

    /// The name of the list of sessions in a project, or of all, for its page tokens.
    static String listName(Optional<String> projectId) {
        return "sessions/" + projectId.orElse("");
    }
}
