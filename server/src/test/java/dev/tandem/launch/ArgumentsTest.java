package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.audit.AuditHead;
import dev.tandem.launch.Arguments.Task;
import dev.tandem.launch.Layer.Found;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ArgumentsTest {
    @Test
    void anOptionTakesItsValueBehindAnEqualsSignOrAsTheNextWord() {
        Arguments arguments =
                parse("--port=9000", "--host", "::1", "--config", "x.yaml", "--set=a.b=c=d");

        assertEquals(Task.SERVE, arguments.task());
        assertEquals(Optional.of("x.yaml"), arguments.file());
        assertEquals(
                Map.of(
                        "server.port", new Found("--port", "9000"),
                        "server.host", new Found("--host", "::1"),
                        "a.b", new Found("--set", "c=d")),
                arguments.settings());
    }

    @Test
    void someOptionsAskForSomethingElseThanServing() {
        assertEquals(Task.PRINT_VERSION, parse("--version").task());
        assertEquals(Task.PRINT_SETTINGS, parse("--port=1", "--print-settings").task());
        assertEquals(Task.PRINT_USAGE, parse("--help").task());
    }

    @Test
    void theAuditLogIsVerifiedByACommand() {
        String hash = "0a".repeat(32);
        Arguments arguments = parse("audit", "verify", "--data", "x", "--anchor", "12:" + hash);

        assertEquals(Task.VERIFY_AUDIT, arguments.task());
        assertEquals(Optional.of(new AuditHead(12, hash)), arguments.anchor());
        assertEquals(Map.of("storage.data", new Found("--data", "x")), arguments.settings());
        assertEquals(Task.PRINT_USAGE, parse("audit", "verify", "--help").task());
        assertEquals("audit is not a command; there is audit verify. See --help", refused("audit"));
        assertEquals(
                "--anchor is not an option; see --help, or set any setting with --set KEY=VALUE",
                refused("--anchor", "12:" + hash));
        assertEquals(
                "--anchor wants a row's number and hash, such as 12:9f86d081…, as audit verify"
                        + " told them",
                refused("audit", "verify", "--anchor", "12"));
    }

    @Test
    void whatIsNotUnderstoodStopsTheStart() {
        assertEquals(
                "--prot is not an option; see --help, or set any setting with --set KEY=VALUE",
                refused("--prot=1"));
        assertEquals("--port wants a value behind it", refused("--port"));
        assertEquals(
                "--set wants KEY=VALUE, such as --set log.level=debug",
                refused("--set", "log.level"));
    }

    private static Arguments parse(String... words) {
        return Arguments.parse(List.of(words));
    }

    private static String refused(String... words) {
        return String.valueOf(
                assertThrows(SettingsException.class, () -> parse(words)).getMessage());
    }
}
