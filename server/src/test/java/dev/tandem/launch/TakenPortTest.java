package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class TakenPortTest {
    @TempDir Path first;
    @TempDir Path second;

    @Test
    void aPortThatIsTakenStopsTheStartAndLeavesNothingOpen() {
        try (RunningServer server = RunningServer.start(first, Map.of())) {
            String port = Integer.toString(server.port());

            Failure refused =
                    assertThrows(
                            Failure.class,
                            () -> RunningServer.start(second, Map.of("server.port", port)));

            assertEquals(FailureCode.CONFLICT, refused.code());
            assertTrue(refused.text().contains("127.0.0.1:" + port), refused.text());
            RunningServer.start(second, Map.of()).close();
        }
    }
}
