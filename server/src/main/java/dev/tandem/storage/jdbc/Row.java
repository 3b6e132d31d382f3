package dev.tandem.storage.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// The row that a query is at. Valid only while it is read.
final class Row {
    private final ResultSet results;

    Row(ResultSet results) {
        this.results = results;
    }

    /// What to make of a row.
    @FunctionalInterface
    interface Reading<T> {
        T of(Row row) throws SQLException;
    }

    String text(String column) throws SQLException {
        return optionalText(column)
                .orElseThrow(() -> new IllegalStateException(column + " is null"));
    }

    Optional<String> optionalText(String column) throws SQLException {
        return Optional.ofNullable(results.getString(column));
    }

    long number(String column) throws SQLException {
        return results.getLong(column);
    }

    OptionalLong optionalNumber(String column) throws SQLException {
        long value = results.getLong(column);
        return results.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    boolean flag(String column) throws SQLException {
        return results.getBoolean(column);
    }

    Instant time(String column) throws SQLException {
        return Instant.ofEpochMilli(results.getLong(column));
    }

    Optional<Instant> optionalTime(String column) throws SQLException {
        OptionalLong millis = optionalNumber(column);
        return millis.isPresent()
                ? Optional.of(Instant.ofEpochMilli(millis.getAsLong()))
                : Optional.empty();
    }
}
