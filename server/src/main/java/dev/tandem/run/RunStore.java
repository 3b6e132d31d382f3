package dev.tandem.run;

import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.session.StoredMessage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Where runs are kept, with the messages that they add to sessions. What a method has returned
/// from is durable, and each method happens as a whole or not at all. Safe for use by many threads.
public interface RunStore {
    /// Stores a run of a session that begins, with the messages that it answers, and gives the
    /// session `title` where it has none.
    ///
    /// @throws dev.tandem.failure.Failure RUN_IN_PROGRESS, naming the run, where the session is
    ///     answering already; NOT_FOUND where it is gone
    void begin(RunRecord run, List<StoredMessage> questions, Optional<String> title);

    /// Stores the end of a run with the messages that it made, and adds its usage to the session.
    /// A run that did not begin here is stored whole. Messages of a session that is gone are
    /// dropped. A run that has ended already stays as it is.
    ///
    /// @param forgetQuestions whether to remove the messages that the run answered: nothing came of
    ///     them
    void finish(RunRecord run, List<StoredMessage> answers, boolean forgetQuestions);

    Optional<RunRecord> find(String tenant, String id);

    /// The latest run of a session, in progress or not.
    Optional<RunRecord> latestOf(String tenant, String sessionId);

    /// Newest first. The tokens' list is [RunQuery#list()].
    Page<RunRecord> list(String tenant, RunQuery query, PageRequest page);

    /// Ends every run that is still in progress as interrupted: those of a server that was killed.
    /// Returns how many there were.
    int settle(Instant now);
}
