package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.id.Ids;
import dev.tandem.plugin.PluginSettings;
import dev.tandem.plugin.PluginSource;
import dev.tandem.plugin.WorkspaceFolders;
import dev.tandem.testing.PluginJar;
import dev.tandem.testing.Tool;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolWatcher;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the page on adding a tool tells people to write, as it stands there. Only the port and the
/// folder are others.
final class AddAToolTest {
    private static final Path PAGE = Path.of("../docs/how-to/add-a-tool.md");
    private static final Path POM = Path.of("../pom.xml");
    private static final String SECRET = "whsec_" + "c2VjcmV0IG9mIGEgdGVzdC4u".repeat(2);
    private static final ToolScope SCOPE =
            new ToolScope(
                    "default", "none", false, Optional.empty(), Optional.empty(), Optional.empty());

    @TempDir private Path folder;

    @Test
    void thePluginOfThePageCountsWords() throws Exception {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        PluginJar.make(plugins.resolve("text-plugin-1.0.jar"), block("").strip(), block("java"));

        try (PluginSource source = source(settings("", Map.of()))) {
            ToolServer server = source.servers(SCOPE).getFirst();
            ToolOutput counted =
                    call(source, server, "count_words", "{\"text\": \"one two  three \"}");

            assertEquals("text", server.name());
            assertEquals(ToolOutput.text("3 words"), counted);
        }
    }

    @Test
    void thePomOfThePageNamesThisVersion() throws IOException {
        String version = "<version>([^<]*)</version>";
        Matcher ours =
                Pattern.compile("<artifactId>tandem</artifactId>\\s*" + version)
                        .matcher(Files.readString(POM));
        Matcher theirs =
                Pattern.compile("<artifactId>tandem-server</artifactId>\\s*" + version)
                        .matcher(block("xml"));

        assertTrue(ours.find() && theirs.find());
        assertEquals(ours.group(1), theirs.group(1));
    }

    @Test
    void theReceiverOfThePageBelievesWhatIsSignedAndNothingElse() throws Exception {
        Tool.required("python3", "--version");
        Process receiver = receiver();
        try (BufferedReader said = receiver.inputReader(StandardCharsets.UTF_8)) {
            String port = String.valueOf(said.readLine()).replace("listening on ", "");
            String yaml = block("yaml").replace("9000", port);

            assertEquals(ToolOutput.text("It is sunny in Zürich."), weather(yaml, SECRET));
            assertEquals(
                    ToolOutput.failure(
                            "The webhook weather answered with the status 401:"
                                    + " {\"text\": \"The signature is wrong.\"}"),
                    weather(yaml, SECRET.replace("c2V", "d2V")));
        } finally {
            receiver.destroyForcibly();
        }
    }

    private ToolOutput weather(String yaml, String secret) throws Exception {
        try (PluginSource source = source(settings(yaml, Map.of("WEATHER_SECRET", secret)))) {
            ToolServer server = source.servers(SCOPE).getFirst();
            return call(source, server, "weather", "{\"city\": \"Zürich\"}");
        }
    }

    private static Process receiver() throws IOException {
        ProcessBuilder python = new ProcessBuilder("python3", "-c", block("python"));
        python.environment().putAll(Map.of("WEATHER_SECRET", SECRET, "PORT", "0"));
        return python.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private PluginSettings settings(String yaml, Map<String, String> environment)
            throws IOException {
        Files.writeString(folder.resolve("tandem.yaml"), yaml);
        List<String> words = List.of("--data", folder.toString());
        Configuration configuration =
                Configuration.read(Arguments.parse(words), environment, folder);
        return ServerSettings.read(configuration, environment, folder).plugins();
    }

    private static PluginSource source(PluginSettings settings) {
        InstantSource clock = InstantSource.system();
        return new PluginSource(
                settings, WorkspaceFolders.NONE, new Ids(clock, new SecureRandom()), clock);
    }

    private static ToolOutput call(
            PluginSource source, ToolServer server, String tool, String arguments)
            throws InterruptedException {
        return source.call(SCOPE, server.id(), tool, arguments, ToolWatcher.NONE);
    }

    /// The first block of the page in a language.
    private static String block(String language) throws IOException {
        Matcher found =
                Pattern.compile("(?:^|\\n\\n)```" + language + "\\n(.*?)\\n```", Pattern.DOTALL)
                        .matcher(Files.readString(PAGE));
        assertTrue(found.find(), () -> "no block of " + language);
        return found.group(1);
    }
}
