package dev.tandem.storage.jdbc;

import dev.tandem.conversation.Usage;
import dev.tandem.run.RunEvent.Bill;
import dev.tandem.run.RunCursor;
import dev.tandem.run.RunInfo;
import dev.tandem.run.RunKey;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunRecord.RunProblem;
import dev.tandem.run.RunState;
import dev.tandem.run.RunTerms;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// The rows of runs.
final class RunRows {
    static final String SELECT =
            """
            SELECT id, tenant, key_name, session_id, project_id, model, provider, created_at, kept,
                ignored_parameters, state, finished_at, finish_reason, input_tokens,
                cache_read_tokens, cache_write_tokens, output_tokens, cache_write_hour_tokens,
                reasoning_tokens, cost_nanos, price, error_code, error_message, error_param, epoch,
                last_epoch, last_number, idempotency_key, request_hash, stop_sequence, refusal,
                message_id
            FROM run WHERE tenant = ?
            """;

    static final String SELECT_UNFINISHED =
            SELECT.replace("WHERE tenant = ?", "WHERE finished_at IS NULL");

    private static final String INSERT =
            """
            INSERT INTO run (id, tenant, key_name, session_id, project_id, model, provider,
                created_at, kept, ignored_parameters, state, finished_at, finish_reason,
                input_tokens, cache_read_tokens, cache_write_tokens, output_tokens,
                cache_write_hour_tokens, reasoning_tokens, cost_nanos, price, error_code,
                error_message, error_param, epoch, last_epoch, last_number, idempotency_key,
                request_hash, stop_sequence, refusal, message_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                ?, ?, ?, ?, ?)
            """;

    private static final String INSERT_UNLESS_IN_PROGRESS =
            INSERT
                    + " ON CONFLICT (tenant, session_id) WHERE finished_at IS NULL AND state <>"
                    + " 'queued' DO NOTHING";

    private static final String INSERT_UNLESS_THERE =
            INSERT + " ON CONFLICT (tenant, id) DO NOTHING";

    private static final String END =
            """
            UPDATE run SET state = ?, finished_at = ?, finish_reason = ?, input_tokens = ?,
                cache_read_tokens = ?, cache_write_tokens = ?, output_tokens = ?,
                cache_write_hour_tokens = ?, reasoning_tokens = ?, cost_nanos = ?, price = ?,
                error_code = ?, error_message = ?, error_param = ?, last_epoch = ?,
                last_number = ?, stop_sequence = ?, refusal = ?, message_id = ?
            WHERE tenant = ? AND id = ? AND finished_at IS NULL
            """;

    private RunRows() {}

    /// Whether it was stored: false where its session has a run in progress.
    static boolean insertUnlessInProgress(Transaction transaction, RunRecord run)
            throws SQLException {
        return insert(transaction, INSERT_UNLESS_IN_PROGRESS, run);
    }

    /// Whether it was stored: false where the run is known.
    static boolean insertUnlessThere(Transaction transaction, RunRecord run) throws SQLException {
        return insert(transaction, INSERT_UNLESS_THERE, run);
    }

    private static boolean insert(Transaction transaction, String sql, RunRecord run)
            throws SQLException {
        RunInfo info = run.info();
        Usage usage = run.bill().usage();
        return transaction.update(
                        sql,
                        info.id(),
                        info.tenant(),
                        info.keyName(),
                        info.sessionId(),
                        info.projectId(),
                        info.model(),
                        info.provider(),
                        info.createdAt(),
                        info.kept(),
                        TextsJson.write(info.ignoredParameters()),
                        run.state().word(),
                        run.finishedAt(),
                        run.finishReason(),
                        usage.inputTokens(),
                        usage.cacheReadTokens(),
                        usage.cacheWriteTokens(),
                        usage.outputTokens(),
                        usage.cacheWriteHourTokens(),
                        usage.reasoningTokens(),
                        run.bill().costNanos(),
                        run.bill().price(),
                        run.error().map(RunProblem::code),
                        run.error().map(RunProblem::message),
                        run.error().flatMap(RunProblem::param),
                        info.epoch(),
                        run.last().map(RunCursor::epoch),
                        run.last().map(RunCursor::number),
                        info.terms().key().map(RunKey::text),
                        info.terms().key().map(RunKey::requestHash),
                        run.details().stopSequence(),
                        run.details().refusal(),
                        run.details().messageId())
                == 1;
    }

    /// Whether it ended by this: false where it is not known, or had ended.
    static boolean end(Transaction transaction, RunRecord run) throws SQLException {
        Usage usage = run.bill().usage();
        return transaction.update(
                        END,
                        run.state().word(),
                        run.finishedAt(),
                        run.finishReason(),
                        usage.inputTokens(),
                        usage.cacheReadTokens(),
                        usage.cacheWriteTokens(),
                        usage.outputTokens(),
                        usage.cacheWriteHourTokens(),
                        usage.reasoningTokens(),
                        run.bill().costNanos(),
                        run.bill().price(),
                        run.error().map(RunProblem::code),
                        run.error().map(RunProblem::message),
                        run.error().flatMap(RunProblem::param),
                        run.last().map(RunCursor::epoch),
                        run.last().map(RunCursor::number),
                        run.details().stopSequence(),
                        run.details().refusal(),
                        run.details().messageId(),
                        run.info().tenant(),
                        run.info().id())
                == 1;
    }

    static RunRecord read(Row row) throws SQLException {
        return new RunRecord(
                info(row),
                RunState.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
                row.optionalTime("finished_at"),
                row.optionalText("finish_reason"),
                new Bill(usage(row), row.optionalNumber("cost_nanos"), row.optionalText("price")),
                problem(row),
                new RunRecord.Details(
                        row.optionalText("stop_sequence"),
                        row.optionalText("refusal"),
                        row.optionalText("message_id")),
                last(row));
    }

    private static Optional<RunCursor> last(Row row) throws SQLException {
        OptionalLong number = row.optionalNumber("last_number");
        return number.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new RunCursor(
                                row.text("id"),
                                Math.toIntExact(row.number("last_epoch")),
                                number.getAsLong()));
    }

    private static RunInfo info(Row row) throws SQLException {
        return new RunInfo(
                row.text("id"),
                row.text("tenant"),
                row.text("key_name"),
                row.optionalText("session_id"),
                row.optionalText("project_id"),
                row.text("model"),
                row.text("provider"),
                row.time("created_at"),
                row.flag("kept"),
                Math.toIntExact(row.number("epoch")),
                terms(row),
                TextsJson.read(row.text("ignored_parameters")));
    }

    /// How it was to be treated is over, but for its key.
    private static RunTerms terms(Row row) throws SQLException {
        Optional<String> key = row.optionalText("idempotency_key");
        return key.isEmpty()
                ? RunTerms.NONE
                : new RunTerms(
                        false, false, Optional.of(new RunKey(key.get(), row.text("request_hash"))));
    }

    static void freeKey(Transaction transaction, RunInfo run) throws SQLException {
        transaction.update(
                "UPDATE run SET idempotency_key = NULL, request_hash = NULL"
                        + " WHERE tenant = ? AND id = ?",
                run.tenant(),
                run.id());
    }

    /// Whether a waiting run begins by this: false where it is not known or does not wait.
    static boolean beginTurn(Transaction transaction, RunRecord run) throws SQLException {
        return transaction.update(
                        "UPDATE run SET state = ? WHERE tenant = ? AND id = ? AND state = ?",
                        run.state().word(),
                        run.info().tenant(),
                        run.info().id(),
                        RunState.QUEUED.word())
                == 1;
    }

    /// Also of sums that have the same names.
    static Usage usage(Row row) throws SQLException {
        return new Usage(
                row.number("input_tokens"),
                row.number("cache_read_tokens"),
                row.number("cache_write_tokens"),
                row.number("output_tokens"),
                row.number("cache_write_hour_tokens"),
                row.number("reasoning_tokens"));
    }

    private static Optional<RunProblem> problem(Row row) throws SQLException {
        Optional<String> code = row.optionalText("error_code");
        return code.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new RunProblem(
                                code.get(),
                                row.text("error_message"),
                                row.optionalText("error_param")));
    }
}
