package dev.tandem.provider.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LocalSettingsTest {
    private static final Path HOME = Path.of("/home/ada");
    private static final Path FILE = Path.of("model.gguf");

    @Test
    void hasDefaults() {
        assertEquals(
                new LocalSettings(
                        FILE, 1, 4096, 1024, 16, Duration.ofMinutes(1), Duration.ofMinutes(10)),
                LocalSettings.defaults(FILE, 2));
        assertEquals(3, LocalSettings.defaults(FILE, 4).threads());
        assertEquals(1, LocalSettings.defaults(FILE, 1).threads());
        assertEquals(8, LocalSettings.defaults(FILE, 64).threads());
    }

    @Test
    void looksForTheModelInTheUsersCache() {
        String file = "SmolLM2-135M-Instruct.Q4_1.gguf";

        assertEquals(
                HOME.resolve(".cache/tandem/models/" + file),
                LocalSettings.defaultModelFile(Map.of(), HOME));
        assertEquals(
                Path.of("/var/cache/tandem/models/" + file),
                LocalSettings.defaultModelFile(Map.of("XDG_CACHE_HOME", "/var/cache"), HOME));
        assertEquals(
                FILE,
                LocalSettings.defaultModelFile(Map.of("TANDEM_MODEL_FILE", "model.gguf"), HOME));
    }

    @Test
    void saysWhichValueIsWrong() {
        assertWrong("local.threads", 0, 100, 10, 1);
        assertWrong("local.context-tokens", 1, 0, 10, 1);
        assertWrong("local.answer-tokens-max", 1, 100, 0, 1);
        assertWrong("local.answer-tokens-max", 1, 100, 51, 1);
        assertWrong("local.queue-max", 1, 100, 10, 0);
    }

    private static void assertWrong(String name, int threads, int context, int answer, int queue) {
        IllegalArgumentException wrong =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                new LocalSettings(
                                        FILE,
                                        threads,
                                        context,
                                        answer,
                                        queue,
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(1)));

        assertTrue(String.valueOf(wrong.getMessage()).startsWith(name), wrong::getMessage);
    }
}
