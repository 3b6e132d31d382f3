package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.auth.ApiKey;
import dev.tandem.secret.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuthSettingsTest {
    @TempDir Path folder;

    @Test
    void withoutKeysTheListIsEmpty() {
        assertEquals(List.of(), read().keys());
    }

    @Test
    void aKeyHasANameATenantAndASecret() {
        AuthSettings settings =
                read(
                        "auth.keys.0.name=phone",
                        "auth.keys.0.key=0123456789abcdef",
                        "auth.keys.1.name=ci",
                        "auth.keys.1.tenant=robots",
                        "auth.keys.1.key=${CI_KEY}",
                        "auth.keys.1.admin=true");

        assertEquals(
                List.of(
                        new ApiKey("phone", "default", new Secret("0123456789abcdef")),
                        new ApiKey("ci", "robots", new Secret("fedcba9876543210"), true)),
                settings.keys());
        assertTrue(settings.toString().contains("***"));
    }

    @Test
    void whatAKeyLacksIsTold() {
        assertEquals(
                "auth.keys.0.name is missing; give the key a name",
                refused("auth.keys.0.key=0123456789abcdef"));
        assertEquals(
                "auth.keys.0.key is missing; set key, or key-file",
                refused("auth.keys.0.name=phone"));
        assertEquals(
                "auth.keys.0: auth.keys: the key 'phone' must have at least 16 characters",
                refused("auth.keys.0.name=phone", "auth.keys.0.key=hidden"));
    }

    @Test
    void withoutKeysTheServerStaysOnThisMachine() {
        new Exposure("127.0.0.1", false, false);
        new Exposure("::1", false, false);
        new Exposure("localhost", false, false);
        new Exposure("0.0.0.0", true, false);
        new Exposure("0.0.0.0", false, true);

        assertEquals(
                "server.host is 0.0.0.0, so other machines could use this server, and it has no"
                        + " keys: configure auth.keys, or set server.insecure: true to serve"
                        + " everybody who can reach it",
                assertThrows(SettingsException.class, () -> new Exposure("0.0.0.0", false, false))
                        .getMessage());
    }

    private String refused(String... settings) {
        return String.valueOf(
                assertThrows(SettingsException.class, () -> read(settings)).getMessage());
    }

    private AuthSettings read(String... settings) {
        List<String> words = Stream.of(settings).flatMap(s -> Stream.of("--set", s)).toList();
        return AuthSettings.read(
                Configuration.read(
                                Arguments.parse(words),
                                Map.of("CI_KEY", "fedcba9876543210"),
                                folder)
                        .section("auth"));
    }
}
