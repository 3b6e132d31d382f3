package dev.tandem.storage.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Statements on one connection. Each text is prepared once and kept, so texts are constants and
/// values are always parameters: texts, whole numbers, truths, times, and the optional of those.
final class Transaction {
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Transaction(Connection connection) {
        this.connection = connection;
    }

    /// Runs a statement without parameters.
    void execute(String sql) throws SQLException {
        statement(sql).execute();
    }

    /// Changes rows and says how many.
    int update(String sql, Object... values) throws SQLException {
        return bind(sql, values).executeUpdate();
    }

    /// The first row, where there is one.
    <T> Optional<T> first(String sql, Row.Reading<T> reading, Object... values)
            throws SQLException {
        try (ResultSet results = bind(sql, values).executeQuery()) {
            return results.next() ? Optional.of(reading.of(new Row(results))) : Optional.empty();
        }
    }

    /// The only row of a query that always has one.
    <T> T only(String sql, Row.Reading<T> reading, Object... values) throws SQLException {
        return first(sql, reading, values).orElseThrow();
    }

    /// Every row.
    <T> List<T> all(String sql, Row.Reading<T> reading, Object... values) throws SQLException {
        try (ResultSet results = bind(sql, values).executeQuery()) {
            Row row = new Row(results);
            List<T> rows = new ArrayList<>();
            while (results.next()) {
                rows.add(reading.of(row));
            }
            return rows;
        }
    }

    /// Whether there is a row.
    boolean any(String sql, Object... values) throws SQLException {
        try (ResultSet results = bind(sql, values).executeQuery()) {
            return results.next();
        }
    }

    private PreparedStatement bind(String sql, Object... values) throws SQLException {
        PreparedStatement statement = statement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, plain(values[i]));
        }
        return statement;
    }

    private PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement known = prepared.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            prepared.put(sql, known);
        }
        return known;
    }

    private static @Nullable Object plain(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.isPresent() ? plain(optional.get()) : null;
            case OptionalLong optional -> optional.isPresent() ? optional.getAsLong() : null;
            case Instant time -> time.toEpochMilli();
            case String text -> text;
            case Long number -> number;
            case Integer number -> number;
            case Boolean truth -> truth;
            default -> throw new IllegalArgumentException("no column holds " + value.getClass());
        };
    }
}
