package dev.tandem.provider.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.secret.Secret;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class AnthropicSettingsTest {
    private static final Secret KEY = new Secret("sk-test");

    @Test
    void hasItsDefaults() {
        AnthropicSettings settings = AnthropicSettings.of(KEY);

        assertEquals(KEY, settings.apiKey());
        assertEquals(URI.create("https://api.anthropic.com"), settings.baseUrl());
        assertEquals("2023-06-01", settings.version());
        assertTrue(settings.promptCache());
        assertEquals(Duration.ofMinutes(2), settings.headersMax());
        assertEquals(Duration.ofMinutes(2), settings.idleMax());
        assertEquals(Duration.ofMinutes(30), settings.totalMax());
        assertEquals(URI.create("https://api.anthropic.com/v1/messages"), settings.messages());
    }

    @Test
    void takesEveryKey() {
        AnthropicSettings settings =
                new AnthropicSettings(
                        KEY,
                        URI.create("http://proxy:8080/anthropic/"),
                        "2026-10-21",
                        false,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3));

        assertEquals("2026-10-21", settings.version());
        assertEquals(false, settings.promptCache());
        assertEquals(Duration.ofSeconds(1), settings.headersMax());
        assertEquals(Duration.ofSeconds(2), settings.idleMax());
        assertEquals(Duration.ofSeconds(3), settings.totalMax());
        assertEquals(URI.create("http://proxy:8080/anthropic/v1/messages"), settings.messages());
    }

    @Test
    void refusesWhatCannotWorkAndSaysWhy() {
        refuses("anthropic.base-url", () -> AnthropicSettings.of(KEY).at(URI.create("ftp://x")));
        refuses("anthropic.base-url", () -> AnthropicSettings.of(KEY).at(URI.create("/v1")));
        refuses("anthropic.version", () -> with("latest", Duration.ofSeconds(1)));
        refuses("anthropic.idle-max", () -> with("2023-06-01", Duration.ZERO));
        refuses("anthropic.idle-max", () -> with("2023-06-01", Duration.ofDays(2)));
        assertThrows(IllegalArgumentException.class, () -> new Secret(" "));
    }

    private static AnthropicSettings with(String version, Duration idle) {
        return new AnthropicSettings(
                KEY,
                AnthropicSettings.BASE_URL,
                version,
                true,
                Duration.ofSeconds(1),
                idle,
                Duration.ofSeconds(1));
    }

    private static void refuses(String key, Runnable settings) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, settings::run);
        assertTrue(String.valueOf(refusal.getMessage()).contains(key), refusal.getMessage());
    }
}
