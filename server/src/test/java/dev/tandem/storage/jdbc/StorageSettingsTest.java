package dev.tandem.storage.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StorageSettingsTest {
    private static final StorageSettings DEFAULTS = StorageSettings.DEFAULTS;

    @Test
    void hasADefaultForEverything() {
        assertEquals(Path.of("data"), DEFAULTS.folder());
        assertEquals(3, DEFAULTS.readers());
        assertEquals(16_384, DEFAULTS.queueMax());
        assertEquals(Duration.ofSeconds(10), DEFAULTS.waitMax());
    }

    @Test
    void keepsWhatIsSet() {
        StorageSettings settings =
                new StorageSettings(Path.of("a"), 1, 2, Duration.ofMillis(3)).in(Path.of("b"));

        assertEquals(new StorageSettings(Path.of("b"), 1, 2, Duration.ofMillis(3)), settings);
    }

    @Test
    void saysWhichSettingIsWrong() {
        Path folder = Path.of("data");
        Duration second = Duration.ofSeconds(1);

        assertRefused(
                "storage.data must not be empty",
                () -> new StorageSettings(Path.of(""), 1, 1, second));
        assertRefused(
                "storage.readers must be 1 to 64, was 0",
                () -> new StorageSettings(folder, 0, 1, second));
        assertRefused(
                "storage.readers must be 1 to 64, was 65",
                () -> new StorageSettings(folder, 65, 1, second));
        assertRefused(
                "storage.queue-max must be at least 1, was 0",
                () -> new StorageSettings(folder, 1, 0, second));
        assertRefused(
                "storage.wait-max must be at least 1 ms, was PT0S",
                () -> new StorageSettings(folder, 1, 1, Duration.ZERO));
    }

    private static void assertRefused(String message, Runnable making) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, making::run).getMessage());
    }
}
