package dev.tandem.storage.jdbc;

import dev.tandem.failure.Failure;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.run.RunInfo;
import dev.tandem.run.RunQuery;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunSegment;
import dev.tandem.run.RunState;
import dev.tandem.run.RunStore;
import dev.tandem.session.StoredMessage;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Runs in the database, and what they add to their sessions. A run is in progress as long as its
/// row has no end; a unique index allows a session one such row.
public final class JdbcRunStore implements RunStore {
    private final Database database;

    public JdbcRunStore(Database database) {
        this.database = database;
    }

    @Override
    public void begin(RunRecord run, List<StoredMessage> questions, Optional<String> title) {
        boolean _ = database.write(transaction -> begin(transaction, run, questions, title));
    }

    private static boolean begin(
            Transaction transaction,
            RunRecord run,
            List<StoredMessage> questions,
            Optional<String> title)
            throws SQLException {
        RunInfo info = run.info();
        if (info.sessionId().isEmpty()) {
            return RunRows.insertUnlessThere(transaction, run);
        }
        String session = info.sessionId().get();
        int sessions =
                transaction.update(
                        "UPDATE session SET updated_at = ?, title = COALESCE(title, ?),"
                                + " message_count = message_count + ? WHERE tenant = ? AND id = ?",
                        info.createdAt(),
                        title,
                        questions.size(),
                        info.tenant(),
                        session);
        if (sessions == 0) {
            throw Failure.notFound("session_id", "There is no session " + session + ".");
        }
        if (!RunRows.beginTurn(transaction, run)
                && !RunRows.insertUnlessInProgress(transaction, run)) {
            throw RunInProgress.failure(transaction, info.tenant(), session).orElseThrow();
        }
        MessageRows.insert(transaction, info.tenant(), questions);
        return true;
    }

    @Override
    public void queue(RunRecord run) {
        boolean _ =
                database.write(transaction -> RunRows.insertUnlessThere(transaction, run.queued()));
    }

    @Override
    public void stand(String tenant, String id, RunState state) {
        int _ =
                database.write(
                        transaction ->
                                transaction.update(
                                        "UPDATE run SET state = ? WHERE tenant = ? AND id = ?"
                                                + " AND finished_at IS NULL",
                                        state.word(),
                                        tenant,
                                        id));
    }

    @Override
    public void finish(
            RunRecord run,
            List<StoredMessage> answers,
            boolean forgetQuestions,
            Optional<RunSegment> rest) {
        if (!run.state().ended() || run.finishedAt().isEmpty()) {
            throw new IllegalArgumentException("a run that has not ended: " + run.info().id());
        }
        Work<Boolean> work =
                transaction -> {
                    if (rest.isPresent()) {
                        RunEventRows.insert(transaction, rest.get());
                    }
                    return finish(transaction, run, answers, forgetQuestions);
                };
        boolean _ = run.info().kept() ? database.write(work) : database.writeWithoutHurry(work);
    }

    private static boolean finish(
            Transaction transaction,
            RunRecord run,
            List<StoredMessage> answers,
            boolean forgetQuestions)
            throws SQLException {
        Optional<String> session = run.info().sessionId();
        boolean begun = run.info().kept() && RunRows.end(transaction, run);
        boolean news = begun || RunRows.insertUnlessThere(transaction, run);
        if (forgetQuestions && run.info().terms().key().isPresent()) {
            RunRows.freeKey(transaction, run.info());
        }
        if (news && session.isPresent()) {
            addToSession(transaction, run, session.get(), answers, forgetQuestions);
        }
        return news;
    }

    private static void addToSession(
            Transaction transaction,
            RunRecord run,
            String session,
            List<StoredMessage> answers,
            boolean forgetQuestions)
            throws SQLException {
        String tenant = run.info().tenant();
        int forgotten =
                forgetQuestions
                        ? MessageRows.deleteOfRun(transaction, tenant, session, run.info().id())
                        : 0;
        int sessions =
                transaction.update(
                        "UPDATE session SET updated_at = ?, total_tokens = total_tokens + ?,"
                                + " total_cost_nanos = total_cost_nanos + ?,"
                                + " unpriced_runs = unpriced_runs + ?,"
                                + " message_count = message_count + ? WHERE tenant = ? AND id = ?",
                        run.finishedAt(),
                        run.bill().usage().totalTokens(),
                        run.bill().costNanos().orElse(0),
                        unpriced(run) ? 1 : 0,
                        answers.size() - forgotten,
                        tenant,
                        session);
        if (sessions == 1) {
            MessageRows.insert(transaction, tenant, answers);
        } else {
            // it was deleted while the run went on: nothing of what was said may stay behind
            RunEventRows.forgetRun(transaction, tenant, run.info().id());
        }
    }

    /// Whether the session's cost leaves something out. A run that used nothing cost nothing,
    /// whatever the price; but what a run had used that lost its server, nobody knows.
    private static boolean unpriced(RunRecord run) {
        return run.bill().costNanos().isEmpty()
                && (run.bill().usage().totalTokens() > 0 || run.state() == RunState.INTERRUPTED);
    }

    @Override
    public Optional<RunRecord> find(String tenant, String id) {
        return database.read(
                transaction ->
                        transaction.first(
                                RunRows.SELECT + " AND id = ?", RunRows::read, tenant, id));
    }

    @Override
    public Optional<RunRecord> latestOf(String tenant, String sessionId) {
        return database.read(
                transaction ->
                        transaction.first(
                                RunRows.SELECT + " AND session_id = ? ORDER BY id DESC LIMIT 1",
                                RunRows::read,
                                tenant,
                                sessionId));
    }

    @Override
    public Optional<RunRecord> findByKey(String tenant, String key) {
        return database.read(
                transaction ->
                        transaction.first(
                                RunRows.SELECT + " AND idempotency_key = ?",
                                RunRows::read,
                                tenant,
                                key));
    }

    @Override
    public Page<RunRecord> list(String tenant, RunQuery query, PageRequest page) {
        return database.read(transaction -> RunPages.page(transaction, tenant, query, page));
    }

    @Override
    public int beginEpoch() {
        return database.write(
                transaction -> {
                    transaction.update("UPDATE server_life SET epoch = epoch + 1");
                    return Math.toIntExact(
                            transaction.only(
                                    "SELECT epoch FROM server_life", row -> row.number("epoch")));
                });
    }

    @Override
    public List<RunRecord> unfinished() {
        return database.read(
                transaction -> transaction.all(RunRows.SELECT_UNFINISHED, RunRows::read));
    }
}
