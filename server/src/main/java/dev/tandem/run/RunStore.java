package dev.tandem.run;

import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.session.StoredMessage;
import java.util.List;
import java.util.Optional;

/// Where runs are kept, with the messages that they add to sessions. What a method has returned
/// from is durable, and each method happens as a whole or not at all. Safe for use by many threads.
public interface RunStore {
    /// Stores a kept run that begins, with the messages that it answers, and gives its session,
    /// where there is one, `title` where it has none.
    ///
    /// @throws dev.tandem.failure.Failure RUN_IN_PROGRESS, naming the run, where the session is
    ///     answering already; NOT_FOUND where it is gone
    void begin(RunRecord run, List<StoredMessage> questions, Optional<String> title);

    /// Stores a run that waits for its turn; [#begin] follows.
    void queue(RunRecord run);

    /// Stores how a run that is at work stands: whether it waits for people. One that has ended, or
    /// is not there, stays as it is.
    void stand(String tenant, String id, RunState state);

    /// The run that was begun with a key, with its terms.
    Optional<RunRecord> findByKey(String tenant, String key);

    /// Stores the end of a run with the messages that it made, and adds its usage to the session.
    /// A run that did not begin here is stored whole. Messages of a session that is gone are
    /// dropped. A run that has ended already stays as it is.
    ///
    /// @param forgetQuestions whether to remove the messages that the run answered, and to free its
    ///     key: nothing came of them
    /// @param rest events that the archive does not have
    void finish(
            RunRecord run,
            List<StoredMessage> answers,
            boolean forgetQuestions,
            Optional<RunSegment> rest);

    Optional<RunRecord> find(String tenant, String id);

    /// The latest run of a session, in progress or not.
    Optional<RunRecord> latestOf(String tenant, String sessionId);

    /// Counts a life of the server.
    ///
    /// @return which one it is, from 1
    int beginEpoch();

    /// Every run without an end: after a start, those that the server before left behind.
    List<RunRecord> unfinished();

    /// Newest first. The tokens' list is [RunQuery#list()].
    Page<RunRecord> list(String tenant, RunQuery query, PageRequest page);
}
