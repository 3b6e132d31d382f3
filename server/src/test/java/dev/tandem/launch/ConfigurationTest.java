package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class ConfigurationTest {
    @TempDir Path folder;

    private final Map<String, String> environment = new HashMap<>();

    @Test
    void flagsWinOverTheEnvironmentWhichWinsOverTheFileWhichWinsOverDefaults() throws IOException {
        file("server: {a: file, b: file, c: file}");
        environment.put("TANDEM_SERVER_A", "environment");
        environment.put("TANDEM_SERVER_B", "environment");
        Section server = read("--set", "server.a=flag").section("server");

        assertEquals("flag", server.text("a", "default"));
        assertEquals("environment", server.text("b", "default"));
        assertEquals("file", server.text("c", "default"));
        assertEquals("default", server.text("d", "default"));
    }

    @Test
    void aVariableIsTheKeyInUpperCaseWithUnderscores() throws IOException {
        environment.put("TANDEM_SERVER_LIMITS_BODY_BYTES_MAX", "1MiB");

        Section limits = read().section("server").section("limits");

        assertEquals(1 << 20, limits.bytes("body-bytes-max", 5));
    }

    @Test
    void variablesOfOtherProgramsStandForSettingsButOursWin() throws IOException {
        environment.put("PORT", "9000");
        environment.put("ANTHROPIC_API_KEY", "sk-ant-1");
        environment.put("TANDEM_DATA", "/data");

        Configuration settings = read();

        assertEquals(9000, settings.section("server").integer("port", 8000));
        assertEquals(
                Optional.of(new Secret("sk-ant-1")),
                settings.section("anthropic").secret("api-key"));
        assertEquals(Path.of("/data"), settings.section("storage").path("data", Path.of("data")));

        environment.put("TANDEM_SERVER_PORT", "9001");
        assertEquals(9001, read().section("server").integer("port", 8000));
    }

    @Test
    void anEmptyVariableIsNotSet() throws IOException {
        environment.put("ANTHROPIC_API_KEY", "");
        environment.put("TANDEM_SERVER_PORT", "");

        assertEquals(Optional.empty(), read().section("anthropic").secret("api-key"));
        assertEquals(8000, read().section("server").integer("port", 8000));
    }

    @Test
    void readsEveryKindOfValue() throws IOException {
        file(
                """
                kinds:
                  text: hello
                  integer: 12
                  long: 12345678901
                  decimal: 0.5
                  flag: yes
                  duration: 5m
                  iso: PT1M30S
                  size: 32MiB
                  url: https://example.com/v1
                  word: sub-total
                  path: logs/out
                  list: [a, "b, c"]
                """);
        Section kinds = read().section("kinds");

        assertEquals("hello", kinds.text("text", ""));
        assertEquals(12, kinds.integer("integer", 0));
        assertEquals(12_345_678_901L, kinds.integer("long", 0L));
        assertEquals(0.5, kinds.decimal("decimal", 0));
        assertTrue(kinds.flag("flag", false));
        assertEquals(Duration.ofMinutes(5), kinds.duration("duration", Duration.ZERO));
        assertEquals(Duration.ofSeconds(90), kinds.duration("iso", Duration.ZERO));
        assertEquals(32L << 20, kinds.bytes("size", 0L));
        assertEquals(
                URI.create("https://example.com/v1"), kinds.url("url", URI.create("http://x")));
        assertEquals(Word.SUB_TOTAL, kinds.word("word", Word.TOTAL));
        assertEquals(Path.of("logs/out"), kinds.path("path", Path.of("x")));
        assertEquals(List.of("a", "b, c"), kinds.texts("list", List.of()));
        assertEquals(Optional.empty(), kinds.optional("absent", Kind.DURATION));
    }

    @Test
    void aListElsewhereThanInTheFileIsSeparatedByCommasAndReplacesIt() throws IOException {
        file("log: {debug: [x, y]}");
        environment.put("TANDEM_LOG_DEBUG", "a, b");

        Configuration settings = read();

        assertEquals(List.of("a", "b"), settings.section("log").texts("debug", List.of()));
        settings.refuseUnknown();
    }

    @Test
    void theElementsOfAListOfSectionsMayComeFromSeveralPlaces() throws IOException {
        file("auth: {keys: [{name: one}, {name: two, key: from-file}]}");
        environment.put("TANDEM_AUTH_KEYS_0_KEY", "from-environment");

        Configuration settings = read();
        List<Section> keys = settings.section("auth").sections("keys");

        assertEquals(2, keys.size());
        assertEquals(Optional.of("one"), keys.get(0).text("name"));
        assertEquals(Optional.of(new Secret("from-environment")), keys.get(0).secret("key"));
        assertEquals(Optional.of("two"), keys.get(1).text("name"));
        assertEquals(Optional.of(new Secret("from-file")), keys.get(1).secret("key"));
        settings.refuseUnknown();
    }

    @Test
    void sectionsMayHaveFreeNames() throws IOException {
        file("servers: {git: {port: 1}, docs: {port: 2}}");

        Configuration settings = read();
        Map<String, Section> named = settings.section("mcp").named("servers");
        assertTrue(named.isEmpty());

        file("mcp: {servers: {git: {port: 1}, docs: {port: 2}}}");
        named = read().section("mcp").named("servers");
        Map<String, Integer> ports = new TreeMap<>();
        named.forEach((name, server) -> ports.put(name, server.integer("port", 0)));
        assertEquals(Map.of("git", 1, "docs", 2), ports);
    }

    @Test
    void aBadValueIsToldWithItsPlaceItsKeyAndWhatItMustBe() throws IOException {
        file("server: {port: eight, grace: 5 parsecs, transport: pigeon, size: 3GiB}");
        environment.put("TANDEM_SERVER_HTTP", "maybe");
        Section server = read("--port=x").section("server");

        assertMessage(
                "--port: server.port must be a whole number, was 'x'",
                () -> server.integer("port", 8000));
        assertMessage(
                "tandem.yaml: server.grace must be a duration such as 250ms, 30s, 5m, 2h, 7d or"
                        + " PT1M30S, was '5 parsecs'",
                () -> server.duration("grace", Duration.ZERO));
        assertMessage(
                "environment TANDEM_SERVER_HTTP: server.http must be true or false, was 'maybe'",
                () -> server.flag("http", true));
        assertMessage(
                "tandem.yaml: server.transport must be one of total, sub-total, was 'pigeon'",
                () -> server.word("transport", Word.TOTAL));
        assertMessage(
                "tandem.yaml: server.size must be a size below 2GiB such as 65536, 64KiB or"
                        + " 32MiB, was '3GiB'",
                () -> server.bytes("size", 5));
    }

    @Test
    void whatNobodyReadsStopsTheStart() throws IOException {
        file("server: {prot: 1}");
        assertMessage(
                "tandem.yaml: server.prot is not a setting; did you mean server.port?",
                () -> readPort().refuseUnknown());

        file("server: 8000");
        assertMessage(
                "tandem.yaml: server is a section, not a setting; write its settings below it,"
                        + " such as server.port",
                () -> readPort().refuseUnknown());

        file("port: 8000");
        assertMessage(
                "tandem.yaml: port is not a setting; did you mean server.port?",
                () -> readPort().refuseUnknown());

        file("");
        environment.put("TANDEM_SERVER_PROT", "1");
        assertMessage(
                "environment TANDEM_SERVER_PROT is not a setting; did you mean"
                        + " TANDEM_SERVER_PORT?",
                () -> readPort().refuseUnknown());
        environment.clear();

        assertMessage(
                "--set: nothing.like.it is not a setting; remove it, or see"
                        + " docs/configuration.md for those there are",
                () -> readPort("--set", "nothing.like.it=1").refuseUnknown());
    }

    @Test
    void whatAnOrchestratorPutsIntoTheEnvironmentIsNoSetting() throws IOException {
        environment.put("TANDEM_SERVICE_HOST", "10.0.0.1");
        environment.put("TANDEM_SERVICE_PORT_HTTP", "8000");
        environment.put("TANDEM_PORT", "tcp://10.0.0.1:8000");
        environment.put("TANDEM_SERVER_PORT", "tcp://10.0.0.1:8000");
        environment.put("TANDEM_PORT_8000_TCP_ADDR", "10.0.0.1");
        environment.put("TANDEM_REDIS_SERVICE_HOST", "10.0.0.2");
        environment.put("TANDEM_CONFIG", "other.yaml");
        Files.writeString(folder.resolve("other.yaml"), "server: {port: 7}");

        Configuration settings = readPort();

        settings.refuseUnknown();
        assertEquals(7, settings.section("server").integer("port", 8000));
    }

    @Test
    void aSecretIsWrittenOutrightOrInTheEnvironmentOrInAFile() throws IOException {
        Files.writeString(folder.resolve("key"), "in-a-file\n");
        file(
                """
                secrets:
                  a: outright
                  b: ${MY_KEY}
                  c-file: %s
                """
                        .formatted(folder.resolve("key")));
        environment.put("MY_KEY", "in-a-variable");
        Section secrets = read().section("secrets");

        assertEquals(Optional.of(new Secret("outright")), secrets.secret("a"));
        assertEquals(Optional.of(new Secret("in-a-variable")), secrets.secret("b"));
        assertEquals(Optional.of(new Secret("in-a-file")), secrets.secret("c"));
        assertEquals(Optional.empty(), secrets.secret("d"));
    }

    @Test
    void complaintsAboutSecretsDoNotHoldThem() throws IOException {
        file(
                """
                s:
                  a: ${MISSING}
                  b: hidden-1
                  b-file: nowhere
                  c-file: nowhere
                  d: "hidden-2\\nhidden-3"
                """);
        Section secrets = read().section("s");

        assertMessage(
                "tandem.yaml: s.a is ${MISSING}, but the environment has no MISSING",
                () -> secrets.secret("a"));
        assertMessage(
                "tandem.yaml: s.b and s.b-file are both set; keep one", () -> secrets.secret("b"));
        assertMessage(
                "tandem.yaml: s.c-file names nowhere, which cannot be read",
                () -> secrets.secret("c"));
        assertMessage(
                "tandem.yaml: s.d: a key must be one line of text, not blank",
                () -> secrets.secret("d"));
    }

    @Test
    void theListOfSettingsHidesSecrets() throws IOException {
        file("s: {key: very-hidden, port: 5}");
        Configuration settings = read();
        settings.section("s").secret("key");
        settings.section("s").integer("port", 1);
        settings.section("s").duration("wait", Duration.ofSeconds(90));

        String lines = String.join("\n", settings.asked().stream().map(Setting::line).toList());

        assertEquals(
                """
                s.key = *** (tandem.yaml)
                s.key-file = (default)
                s.port = 5 (tandem.yaml)
                s.wait = 90s (default)""",
                lines.replace("=  (", "= ("));
        assertFalse(lines.contains("very-hidden"));
    }

    @Test
    void whatARecordRefusesIsToldWithItsPlace() throws IOException {
        file("server: {limits: {streams-max: 0}}");
        Section server = read().section("server");
        int streams = server.section("limits").integer("streams-max", 5);

        assertMessage(
                "tandem.yaml: server.limits.streams-max must be at least 1, was 0",
                () ->
                        server.checked(
                                () -> {
                                    throw new IllegalArgumentException(
                                            "listener.limits.streams-max must be at least 1, was "
                                                    + streams);
                                }));
        assertMessage(
                "server: no such thing",
                () ->
                        server.checked(
                                () -> {
                                    throw new IllegalArgumentException("no such thing");
                                }));
    }

    @Test
    void aFileThatIsNotThereOrNotYamlStopsTheStart() throws IOException {
        assertEquals(8000, readPort().section("server").integer("port", 8000));
        assertTrue(
                String.valueOf(
                                assertThrows(
                                                SettingsException.class,
                                                () -> read("--config", "absent.yaml"))
                                        .getMessage())
                        .endsWith(
                                "absent.yaml cannot be read; check that it exists and may be read"));

        file("server:\n  key: hidden\n  port: [\n");
        assertMessage(
                "tandem.yaml is not YAML with sections of settings; look at line 4", this::read);
        file("- a\n- b\n");
        assertMessage("tandem.yaml is not YAML with sections of settings", this::read);
    }

    private enum Word {
        TOTAL,
        SUB_TOTAL
    }

    private Configuration readPort(String... arguments) {
        Configuration settings = read(arguments);
        settings.section("server").integer("port", 8000);
        return settings;
    }

    private Configuration read(String... arguments) {
        return Configuration.read(Arguments.parse(List.of(arguments)), environment, folder);
    }

    private void file(String text) throws IOException {
        Files.writeString(folder.resolve("tandem.yaml"), text);
    }

    private static void assertMessage(String expected, Executable action) {
        assertEquals(expected, assertThrows(SettingsException.class, action).getMessage());
    }
}
