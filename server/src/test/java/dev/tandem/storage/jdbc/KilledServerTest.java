package dev.tandem.storage.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.storage.Samples;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

@Timeout(30)
final class KilledServerTest {
    private static final int BEFORE_THE_KILL = 2_000;

    @TempDir Path folder;

    @Test
    void nothingThatWasAcknowledgedIsLost() throws Exception {
        Process server = start();
        List<String> acknowledged = new ArrayList<>();
        try (BufferedReader lines = server.inputReader()) {
            read(lines, acknowledged, BEFORE_THE_KILL);
            assertEquals(FailureCode.CONFLICT, assertThrows(Failure.class, this::open).code());

            // through the handle, for Process.destroyForcibly closes what is still to be read
            server.toHandle().destroyForcibly();
            read(lines, acknowledged, Integer.MAX_VALUE);
        } finally {
            server.destroyForcibly().waitFor();
        }

        assertTrue(acknowledged.size() >= BEFORE_THE_KILL, acknowledged.size() + " rows");
        try (Database database = open()) {
            JdbcSessionStore sessions = new JdbcSessionStore(database);
            List<String> lost =
                    acknowledged.stream()
                            .filter(id -> sessions.find(Samples.TENANT, id).isEmpty())
                            .toList();
            assertEquals(List.of(), lost);
            assertEquals(
                    "ok",
                    database.read(
                            transaction ->
                                    transaction.only(
                                            "PRAGMA integrity_check",
                                            row -> row.text("integrity_check"))));
        }
    }

    /// Reads whole ids; the kill may have cut the last one off.
    private static void read(BufferedReader lines, List<String> ids, int count) throws IOException {
        int length = Samples.session().id().length();
        @Nullable String line;
        while (ids.size() < count && (line = lines.readLine()) != null) {
            if (line.length() == length) {
                ids.add(line);
            }
        }
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledServer.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private Database open() {
        return Database.open(StorageSettings.DEFAULTS.in(folder));
    }
}
