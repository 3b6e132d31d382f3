package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Runs the rows of a client that lives in this process.
final class JavaRows {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private JavaRows() {}

    /// One row; it fails by throwing.
    interface Check {
        void run() throws Exception;
    }

    static Map<String, String> filled(Map<String, Check> rows) {
        Map<String, String> filled = new LinkedHashMap<>();
        rows.forEach((name, check) -> filled.put(name, result(check)));
        return filled;
    }

    private static String result(Check check) {
        try {
            assertTimeoutPreemptively(LIMIT, check::run);
            return Column.PASSES;
        } catch (Exception | AssertionError e) {
            return "fails: " + e;
        }
    }
}
