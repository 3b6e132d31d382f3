package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.audit.AuditHead;
import dev.tandem.audit.Ruling;
import dev.tandem.storage.Samples;
import dev.tandem.storage.ToolSamples;
import dev.tandem.storage.jdbc.Database;
import dev.tandem.storage.jdbc.JdbcAuditStore;
import dev.tandem.storage.jdbc.StorageSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The command `audit verify`, beside a server and without one.
@Timeout(60)
final class AuditVerifyTest {
    @TempDir Path folder;

    @Test
    void tellsTheRowsAndTheHeadWhileTheServerRunsAndAfter() {
        AuditHead head = written();

        try (RunningServer server = RunningServer.start(folder, Map.of())) {
            assertTrue(server.port() > 0);
            assertEquals(
                    "0 audit: 2 rows, all sound\naudit: head 2:" + head.hash() + "\n",
                    verify(Optional.of(new AuditHead(head.seq(), head.hash()))));
        }
        assertEquals(
                "0 audit: 2 rows, all sound\naudit: head 2:" + head.hash() + "\n",
                verify(Optional.empty()));
    }

    @Test
    void aRowThatIsWrongEndsWithOne() {
        written();

        assertEquals(
                """
                1 audit: row 2 is wrong: it is not the row of the anchor
                audit: 1 rows before it are sound
                """,
                verify(Optional.of(new AuditHead(2, "0".repeat(64)))));
    }

    @Test
    void withoutADatabaseThereIsNothingToCheck() {
        assertEquals(
                "1 tandem: There is no database "
                        + folder.resolve("tandem.db")
                        + "; check storage.data.\n",
                verify(Optional.empty()));
    }

    @Test
    void theProgramDoesIt() throws IOException, InterruptedException {
        AuditHead head = written();
        Process program =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.tandem.launch.Main",
                                "audit",
                                "verify",
                                "--data",
                                folder.toString())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals("audit: 2 rows, all sound\naudit: head 2:" + head.hash() + "\n", said);
        assertEquals(0, program.waitFor());
    }

    private AuditHead written() {
        try (Database database = Database.open(StorageSettings.DEFAULTS.in(folder))) {
            JdbcAuditStore store = new JdbcAuditStore(database);
            for (String call : new String[] {"call_1", "call_2"}) {
                long _ =
                        store.decided(
                                ToolSamples.auditCall(ToolSamples.SCOPE, call),
                                new Ruling(true, "hints"),
                                Samples.NOON);
            }
            return store.head();
        }
    }

    private String verify(Optional<AuditHead> anchor) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int status =
                AuditVerify.run(folder, anchor, new PrintStream(out, true, StandardCharsets.UTF_8));
        return status + " " + out.toString(StandardCharsets.UTF_8);
    }
}
