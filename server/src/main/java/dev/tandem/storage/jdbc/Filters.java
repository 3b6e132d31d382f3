package dev.tandem.storage.jdbc;

import java.util.List;
import java.util.Optional;

/// Conditions that a list has where they are asked for.
final class Filters {
    private Filters() {}

    static void only(String column, Optional<?> value, StringBuilder sql, List<Object> values) {
        compare(column, "=", value, sql, values);
    }

    static void below(String column, Optional<?> value, StringBuilder sql, List<Object> values) {
        compare(column, "<", value, sql, values);
    }

    static void atLeast(String column, Optional<?> value, StringBuilder sql, List<Object> values) {
        compare(column, ">=", value, sql, values);
    }

    private static void compare(
            String column, String sign, Optional<?> value, StringBuilder sql, List<Object> values) {
        if (value.isPresent()) {
            sql.append(" AND ").append(column).append(' ').append(sign).append(" ?");
            values.add(value.get());
        }
    }
}
