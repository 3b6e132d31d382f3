package dev.tandem.mcp.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OAuthSettingsTest {
    @Test
    void hasDefaults() {
        OAuthSettings defaults = OAuthSettings.DEFAULTS;

        assertEquals("Tandem", defaults.clientName());
        assertEquals(Optional.empty(), defaults.redirectUri());
        assertEquals(Optional.empty(), defaults.clientMetadataUrl());
        assertEquals(Duration.ofSeconds(10), defaults.requestMax());
        assertEquals(Duration.ofMinutes(10), defaults.signInMax());
        assertEquals(Duration.ofSeconds(60), defaults.refreshAhead());
        assertEquals(262_144, defaults.documentBytesMax());
        assertEquals(1_000, defaults.signInsMax());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://tandem.example",
                "https://tandem.example/",
                "https://tandem.example/api/",
                "http://127.0.0.1:8080",
                "http://localhost",
                "http://[::1]:8080"
            })
    void sendsBrowsersBackHere(String base) {
        String back = with(base, "https://a.example/client.json").redirectUri().get().toString();

        assertEquals(base.replaceAll("/$", "") + "/v1/mcp/oauth/callback", back);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://tandem.example", "http://192.168.0.7", "tandem", "ftp://a.example"})
    void sendsNoBrowserBackWithoutEncryption(String base) {
        assertRefused("redirect-base", base, "https://a.example/client.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://a.example/client.json", "https://a.example", "https://a.example/"})
    void itsDocumentHasAPathAndHttps(String url) {
        assertRefused("client-metadata-url", "https://tandem.example", url);
    }

    private static void assertRefused(String key, String base, String document) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> with(base, document));
        assertTrue(
                String.valueOf(refused.getMessage()).startsWith("mcp.oauth." + key),
                refused::getMessage);
    }

    private static OAuthSettings with(String base, String document) {
        OAuthSettings defaults = OAuthSettings.DEFAULTS;
        return new OAuthSettings(
                defaults.clientName(),
                Optional.of(URI.create(base)),
                Optional.of(URI.create(document)),
                defaults.requestMax(),
                defaults.signInMax(),
                defaults.refreshAhead(),
                defaults.documentBytesMax(),
                defaults.signInsMax());
    }
}
