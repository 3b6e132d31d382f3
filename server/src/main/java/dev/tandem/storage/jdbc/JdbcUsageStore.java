package dev.tandem.storage.jdbc;

import dev.tandem.usage.GroupTotals;
import dev.tandem.usage.Grouping;
import dev.tandem.usage.Interval;
import dev.tandem.usage.Period;
import dev.tandem.usage.RunFilter;
import dev.tandem.usage.SpanTotals;
import dev.tandem.usage.Spans;
import dev.tandem.usage.UsageByGroup;
import dev.tandem.usage.UsageStore;
import dev.tandem.usage.UsageTotals;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sums over the rows of runs, made when they are asked for.
public final class JdbcUsageStore implements UsageStore {
    /// Sums by group, and first the sum of those: the groups that are left out need not be read.
    @SuppressWarnings("InlineFormatString") // forty lines of SQL in a method hide the method
    private static final String BY_GROUP =
            """
            WITH grouped AS (SELECT %s AS name, %s GROUP BY name)
            SELECT 0 AS place, NULL AS name, SUM(runs) AS runs, SUM(failed_runs) AS failed_runs,
                SUM(unpriced_runs) AS unpriced_runs, SUM(input_tokens) AS input_tokens,
                SUM(cache_read_tokens) AS cache_read_tokens,
                SUM(cache_write_tokens) AS cache_write_tokens,
                SUM(output_tokens) AS output_tokens,
                SUM(cache_write_hour_tokens) AS cache_write_hour_tokens,
                SUM(reasoning_tokens) AS reasoning_tokens, SUM(cost_nanos) AS cost_nanos,
                SUM(tokens) AS tokens
            FROM grouped
            UNION ALL
            SELECT 1, name, runs, failed_runs, unpriced_runs, input_tokens, cache_read_tokens,
                cache_write_tokens, output_tokens, cache_write_hour_tokens, reasoning_tokens,
                cost_nanos, tokens
            FROM grouped
            ORDER BY place, %s LIMIT ?
            """;

    /// What a killed server had used is not known, so its runs are without a price too, as they are
    /// in the sums of their sessions.
    private static final String SUMS =
            """
            COUNT(*) AS runs,
                COUNT(CASE WHEN state = 'failed' THEN 1 END) AS failed_runs,
                COUNT(CASE WHEN cost_nanos IS NULL AND (state = 'interrupted'
                    OR input_tokens + cache_read_tokens + cache_write_tokens + output_tokens > 0)
                    THEN 1 END) AS unpriced_runs,
                SUM(input_tokens) AS input_tokens,
                SUM(cache_read_tokens) AS cache_read_tokens,
                SUM(cache_write_tokens) AS cache_write_tokens,
                SUM(output_tokens) AS output_tokens,
                SUM(cache_write_hour_tokens) AS cache_write_hour_tokens,
                SUM(reasoning_tokens) AS reasoning_tokens,
                COALESCE(SUM(cost_nanos), 0) AS cost_nanos,
                SUM(input_tokens + cache_read_tokens + cache_write_tokens + output_tokens) AS tokens
            FROM run
            WHERE tenant = ? AND finished_at IS NOT NULL AND created_at >= ? AND created_at < ?
            """;

    private final Database database;

    public JdbcUsageStore(Database database) {
        this.database = database;
    }

    @Override
    public UsageByGroup byGroup(String tenant, Grouping grouping, Period period, int limit) {
        return database.read(transaction -> byGroup(transaction, tenant, grouping, period, limit));
    }

    private static UsageByGroup byGroup(
            Transaction transaction, String tenant, Grouping grouping, Period period, int limit)
            throws SQLException {
        List<GroupTotals> rows =
                transaction.all(
                        BY_GROUP.formatted(column(grouping), SUMS, order(grouping)),
                        row -> new GroupTotals(key(grouping, row), totals(row)),
                        tenant,
                        millis(period.from()),
                        millis(period.to()),
                        // the total, and one more than asked for, which says that there are more
                        limit + 2);
        List<GroupTotals> groups = rows.subList(1, rows.size());
        boolean more = groups.size() > limit;
        return new UsageByGroup(
                more ? groups.subList(0, limit) : groups, rows.getFirst().totals(), more);
    }

    private static String column(Grouping grouping) {
        return switch (grouping) {
            case DAY -> "created_at / " + Interval.DAY.length().toMillis();
            case MODEL -> "model";
            case PROVIDER -> "provider";
            case PROJECT -> "project_id";
            case SESSION -> "session_id";
            case KEY -> "key_name";
        };
    }

    private static String order(Grouping grouping) {
        return switch (grouping) {
            case DAY -> "name";
            case MODEL, PROVIDER, PROJECT, SESSION, KEY -> "tokens DESC, name";
        };
    }

    private static Optional<String> key(Grouping grouping, Row row) throws SQLException {
        Optional<String> name = row.optionalText("name");
        return switch (grouping) {
            case DAY -> name.map(day -> LocalDate.ofEpochDay(Long.parseLong(day)).toString());
            case MODEL, PROVIDER, PROJECT, SESSION, KEY -> name;
        };
    }

    @Override
    public List<SpanTotals> bySpan(String tenant, Spans spans, RunFilter filter) {
        return database.read(transaction -> bySpan(transaction, tenant, spans, filter));
    }

    private static List<SpanTotals> bySpan(
            Transaction transaction, String tenant, Spans spans, RunFilter filter)
            throws SQLException {
        long length = spans.interval().length().toMillis();
        StringBuilder sql = new StringBuilder("SELECT created_at / ? AS span, ").append(SUMS);
        List<Object> values =
                new ArrayList<>(
                        List.of(length, tenant, millis(spans.start()), millis(spans.end())));
        only("model", filter.model(), sql, values);
        only("project_id", filter.projectId(), sql, values);
        only("session_id", filter.sessionId(), sql, values);
        sql.append(" GROUP BY span");
        Map<Instant, UsageTotals> known = new HashMap<>();
        transaction
                .all(
                        sql.toString(),
                        row ->
                                new SpanTotals(
                                        Instant.ofEpochMilli(row.number("span") * length),
                                        totals(row)),
                        values.toArray())
                .forEach(span -> known.put(span.start(), span.totals()));
        return spans.filledWith(known);
    }

    private static void only(
            String column, Optional<String> value, StringBuilder sql, List<Object> values) {
        if (value.isPresent()) {
            sql.append(" AND ").append(column).append(" = ?");
            values.add(value.get());
        }
    }

    /// The first millisecond that is not before a time: rows know no shorter time.
    private static long millis(Instant time) {
        return time.plusNanos(999_999).toEpochMilli();
    }

    private static UsageTotals totals(Row row) throws SQLException {
        return new UsageTotals(
                row.number("runs"),
                row.number("failed_runs"),
                row.number("unpriced_runs"),
                RunRows.usage(row),
                row.number("cost_nanos"));
    }
}
