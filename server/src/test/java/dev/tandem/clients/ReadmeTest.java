package dev.tandem.clients;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.tandem.launch.RunningServer;
import dev.tandem.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What the README tells people to try, tried as it stands, with the embedded model. Only the port
/// is another. Swift is left out: nothing here can run it.
final class ReadmeTest {
    private static final Path README = Path.of("../README.md");
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)\\n```", Pattern.DOTALL);
    private static final String IMPORTS =
            """
            import com.openai.client.OpenAIClient;
            import com.openai.client.okhttp.OpenAIOkHttpClient;
            import com.openai.models.chat.completions.ChatCompletionCreateParams;
            import dev.tandem.v1.ChatCompletionRequest;
            import dev.tandem.v1.ChatMessage;
            import dev.tandem.v1.ChatServiceGrpc;
            import io.grpc.ManagedChannel;
            import io.grpc.ManagedChannelBuilder;
            """;

    @TempDir private static Path folder;
    private static RunningServer server;

    /// One example.
    private record Example(String language, String text) {
        String name() {
            return language + ": " + text.lines().findFirst().orElse("");
        }
    }

    @BeforeAll
    static void start() throws IOException {
        Path models = Path.of(System.getProperty("user.home"), ".cache", "tandem", "models");
        Optional<Path> model =
                Optional.ofNullable(System.getenv("TANDEM_MODEL_FILE"))
                        .map(Path::of)
                        .or(() -> firstIn(models));
        Tool.missing(
                model.filter(Files::isReadable).isPresent(),
                "no model file: fetch it with `make model`");
        server =
                RunningServer.start(
                        folder,
                        Map.of(
                                "local.enabled",
                                "true",
                                "local.model-file",
                                model.orElseThrow().toString()));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyExampleWorks() throws IOException {
        List<Example> examples = new ArrayList<>();
        Matcher found = BLOCK.matcher(Files.readString(README));
        while (found.find()) {
            if (found.group(2).contains("localhost") && !found.group(1).equals("swift")) {
                examples.add(new Example(found.group(1), found.group(2).replace("8000", port())));
            }
        }
        assertTrue(examples.size() >= 7, () -> "the README has few examples: " + examples);
        return examples.stream().map(example -> dynamicTest(example.name(), () -> tryOut(example)));
    }

    private static void tryOut(Example example) throws Exception {
        String said =
                switch (example.language()) {
                    case "bash" -> bash(example.text());
                    case "python" -> python(example.text());
                    case "js" -> node(example.text());
                    case "java" -> java(example.text());
                    default -> throw new AssertionError("cannot run " + example.language());
                };
        assertFalse(said.isBlank(), "it says nothing");
        assertFalse(said.contains("\"error\""), said);
    }

    private static String bash(String text) throws IOException, InterruptedException {
        String script = text;
        if (text.contains("grpcurl ")) {
            String grpcurl = Tool.grpcurl();
            script = "PATH=" + Path.of(grpcurl).getParent() + ":$PATH\n" + text;
        }
        Tool.required("curl", "--version");
        return Tool.run(folder, "bash", "-euo", "pipefail", "-c", script);
    }

    private static String python(String text) throws IOException, InterruptedException {
        ClientScript client = ClientScript.python("openai-python");
        return Tool.run(folder, client.program(), "-c", text);
    }

    private static String node(String text) throws IOException, InterruptedException {
        ClientScript client = ClientScript.node("openai-node", 22);
        Files.writeString(client.installed().resolve("readme.mjs"), text);
        return Tool.run(client.installed(), client.program(), "readme.mjs");
    }

    private static String java(String text) throws IOException, InterruptedException {
        Path file = folder.resolve("Readme.java");
        Files.writeString(
                file, IMPORTS + "\nvoid main() {\n" + text + "\n    System.exit(0);\n}\n");
        return Tool.run(
                folder,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                file.toString());
    }

    private static String port() {
        return Integer.toString(server.port());
    }

    private static Optional<Path> firstIn(Path models) {
        try (Stream<Path> files = Files.list(models)) {
            return files.filter(file -> file.toString().endsWith(".gguf")).findFirst();
        } catch (IOException none) {
            return Optional.empty();
        }
    }
}
