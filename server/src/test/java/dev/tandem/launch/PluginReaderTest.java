package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.plugin.PluginSettings;
import dev.tandem.plugin.WebhookSettings;
import dev.tandem.tool.ToolHints;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PluginReaderTest {
    private static final String SECRET = "whsec_" + "c2VjcmV0IG9mIGEgdGVzdC4u".repeat(2);
    private static final String HOOK =
            """
            plugins:
              webhooks:
                - name: weather
                  description: Tells the weather.
                  url: http://localhost:9/hook
            """;

    @TempDir Path folder;

    @Test
    void everythingHasADefault() throws IOException {
        PluginSettings settings = read("");

        assertEquals(Path.of("data/plugins"), settings.folder());
        assertEquals(64, settings.callsMax());
        assertEquals(Duration.ofSeconds(5), settings.connectMax());
        assertEquals(1 << 20, settings.answerBytesMax());
        assertEquals(List.of(), settings.webhooks());

        WebhookSettings hook = read(HOOK).webhooks().getFirst();
        assertEquals(WebhookSettings.ANY_ARGUMENTS, hook.inputSchemaJson());
        assertEquals(ToolHints.NONE, hook.hints());
        assertEquals(Optional.empty(), hook.secret());
        assertEquals(Duration.ofSeconds(30), hook.totalMax());
        assertEquals(List.of(), hook.headers());
    }

    @Test
    void everyKeyIsRead() throws IOException {
        Files.writeString(folder.resolve("schema.json"), "{\"type\":\"object\",\"title\":\"t\"}");
        PluginSettings settings =
                read(
                        """
                        plugins:
                          folder: p
                          calls-max: 2
                          connect-max: 1s
                          answer-bytes-max: 2KiB
                        """
                                + HOOK.replace("plugins:\n", "")
                                + """
                                      input-schema-file: FOLDER/schema.json
                                      read-only: true
                                      destructive: false
                                      idempotent: true
                                      secret: ${HOOK_SECRET}
                                      total-max: 2s
                                      headers:
                                        - name: authorization
                                          value: ${HOOK_PASSWORD}
                                """
                                        .replace("FOLDER", folder.toString()));
        WebhookSettings hook = settings.webhooks().getFirst();

        assertEquals(Path.of("p"), settings.folder());
        assertEquals(2, settings.callsMax());
        assertEquals(Duration.ofSeconds(1), settings.connectMax());
        assertEquals(2048, settings.answerBytesMax());
        assertEquals("weather", hook.name());
        assertEquals("Tells the weather.", hook.description());
        assertEquals(URI.create("http://localhost:9/hook"), hook.url());
        assertEquals("{\"type\":\"object\",\"title\":\"t\"}", hook.inputSchemaJson());
        assertEquals(
                new ToolHints(
                        Optional.of(true), Optional.of(false), Optional.of(true), Optional.empty()),
                hook.hints());
        assertEquals(SECRET, hook.secret().orElseThrow().reveal());
        assertEquals(Duration.ofSeconds(2), hook.totalMax());
        assertEquals("authorization", hook.headers().getFirst().name());
        assertEquals("Bearer of-the-hook", hook.headers().getFirst().value().reveal());
    }

    @Test
    void theListOfSettingsHidesSecrets() throws IOException {
        Configuration configuration = configuration(HOOK + "      secret: " + SECRET + "\n");
        PluginSettings settings =
                PluginReader.read(configuration.section("plugins"), Path.of("data"));
        List<String> lines = new ArrayList<>();
        configuration.asked().forEach(setting -> lines.add(setting.line()));

        assertTrue(lines.contains("plugins.webhooks[].secret = *** (tandem.yaml)"));
        assertFalse(lines.toString().contains(SECRET));
        assertFalse(settings.toString().contains(SECRET));
    }

    @Test
    void aMistakeIsToldWithItsPlaceAndTheRemedy() {
        assertRefused(
                "tandem.yaml: plugins.webhooks.0.name must be 1 to 64 letters, digits, _ and -,"
                        + " was 'the weather'",
                HOOK.replace("weather\n", "the weather\n"));
        assertRefused(
                "plugins.webhooks.0.url is missing; say where to post to",
                HOOK.replaceAll("\n *url.*", ""));
        assertRefused(
                "tandem.yaml: plugins.webhooks.0.url must not hold a user; send them as a header",
                HOOK.replace("localhost", "me:secret@localhost"));
        assertRefused(
                "tandem.yaml: plugins.webhooks.0.secret must be whsec_ and 24 to 64 bytes in base64;"
                        + " make one with: echo whsec_$(openssl rand -base64 32)",
                HOOK + "      secret: guess me\n");
        assertRefused(
                "tandem.yaml: plugins.webhooks.0.input-schema must be a JSON Schema; a JSON Schema"
                        + " must be a JSON object",
                HOOK + "      input-schema: '[]'\n");
        assertRefused(
                "tandem.yaml: plugins.webhooks.0.headers.0.name must be a header's name, and not one"
                        + " that is sent anyway, was 'Host'",
                HOOK + "      headers: [{name: Host, value: other}]\n");
        assertRefused(
                "tandem.yaml: plugins.webhooks.1.name must be unique, was weather, as"
                        + " plugins.webhooks.0.name",
                HOOK + HOOK.substring(HOOK.indexOf("    - name")));
        assertRefused(
                "tandem.yaml: plugins.calls-max must be at least 1, was 0",
                "plugins: {calls-max: 0}");
    }

    private void assertRefused(String message, String yaml) {
        assertEquals(message, assertThrows(SettingsException.class, () -> read(yaml)).getMessage());
    }

    private PluginSettings read(String yaml) throws IOException {
        Configuration configuration = configuration(yaml);
        PluginSettings settings =
                PluginReader.read(configuration.section("plugins"), Path.of("data"));
        configuration.refuseUnknown();
        return settings;
    }

    private Configuration configuration(String yaml) throws IOException {
        Files.writeString(folder.resolve("tandem.yaml"), yaml);
        return Configuration.read(
                Arguments.parse(List.of()),
                Map.of("HOOK_SECRET", SECRET, "HOOK_PASSWORD", "Bearer of-the-hook"),
                folder);
    }
}
