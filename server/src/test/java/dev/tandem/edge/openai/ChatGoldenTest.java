package dev.tandem.edge.openai;

import com.google.protobuf.TextFormat;
import dev.tandem.failure.Failure;
import dev.tandem.testing.EdgeServer;
import dev.tandem.testing.FakeContract;
import dev.tandem.testing.Golden;
import dev.tandem.testing.StreamGrammar;
import dev.tandem.v1.ChatCompletion;
import dev.tandem.v1.RunEvent;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// One input, one expected output: requests as the contract's message, answers and streams as bytes
/// on the wire. A new trivial field extends `full`.
final class ChatGoldenTest {
    private static final String FOLDER = "openai/";
    private static final Path ROOT = Path.of("src/test/resources/golden");
    private static final String ASK =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"top_k\":1}";

    private static final FakeContract CONTRACT = new FakeContract();
    private static final EdgeServer SERVER = new EdgeServer(CONTRACT.methods());

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @TestFactory
    Stream<DynamicTest> readsRequests() throws IOException {
        return cases("request", ".json", ".txt", ChatGoldenTest::read);
    }

    @TestFactory
    Stream<DynamicTest> writesAnswers() throws IOException {
        return cases("answer", ".txtpb", ".http", ChatGoldenTest::answer);
    }

    @TestFactory
    Stream<DynamicTest> writesStreams() throws IOException {
        return cases("stream", ".txtpb", ".http", ChatGoldenTest::stream);
    }

    private interface Translation {
        String translate(String input) throws IOException;
    }

    private static Stream<DynamicTest> cases(
            String folder, String from, String to, Translation translation) throws IOException {
        return names(folder, from)
                .map(
                        name ->
                                DynamicTest.dynamicTest(
                                        folder + "/" + name,
                                        () -> check(folder + "/" + name, from, to, translation)));
    }

    private static void check(String name, String from, String to, Translation translation)
            throws IOException {
        String input = new String(Golden.input(FOLDER + name + from), StandardCharsets.UTF_8);
        Golden.check(FOLDER + name + to, translation.translate(input));
    }

    private static String read(String body) {
        try {
            ChatCall chat = ChatRequestReader.read(body.getBytes(StandardCharsets.UTF_8));
            return "stream: "
                    + chat.stream()
                    + "\ninclude_usage: "
                    + chat.includeUsage()
                    + "\nignored: "
                    + chat.ignored().header().orElse("nothing")
                    + "\nmax_tokens is called: "
                    + chat.maxTokensName()
                    + "\n\n"
                    + TextFormat.printer().escapingNonAscii(false).printToString(chat.request());
        } catch (Failure failure) {
            return failure.code().word()
                    + "\nparam: "
                    + failure.param().orElse("none")
                    + "\n"
                    + failure.text();
        }
    }

    private static String answer(String input) throws IOException {
        ChatCompletion answer = TextFormat.parse(input, ChatCompletion.class);
        CONTRACT.answer("CreateChatCompletion", (_, _) -> answer);
        return http(SERVER.post("/v1/chat/completions", ASK, "x-request-id", "r1"));
    }

    private static String stream(String input) throws IOException {
        List<String> settings = new ArrayList<>(List.of("x-request-id", "r1"));
        String body = "";
        for (String line : input.lines().filter(each -> each.startsWith("# ")).toList()) {
            String[] setting = line.substring(2).split(": ", 2);
            if (setting[0].equals("body")) {
                body = setting[1];
            } else {
                settings.addAll(List.of(setting[1].split(": ", 2)));
            }
        }
        List<RunEvent> events = events(input);
        for (String method : List.of("StreamChatCompletion", "WatchRun")) {
            CONTRACT.stream(
                    method,
                    (_, _, sink) -> {
                        for (RunEvent event : events) {
                            sink.send(event);
                        }
                        sink.flush();
                    });
        }
        HttpResponse<String> answer =
                SERVER.post("/v1/chat/completions", body, settings.toArray(new String[0]));
        if (answer.statusCode() == 200) {
            StreamGrammar.check(answer.body());
        }
        return http(answer);
    }

    private static List<RunEvent> events(String input) throws IOException {
        List<RunEvent> events = new ArrayList<>();
        for (String event : input.split("---\n", -1)) {
            if (!event.isBlank()) {
                events.add(TextFormat.parse(event, RunEvent.class));
            }
        }
        return events;
    }

    private static String http(HttpResponse<String> answer) {
        StringBuilder text = new StringBuilder().append(answer.statusCode()).append('\n');
        answer.headers()
                .map()
                .forEach(
                        (name, values) -> {
                            if (!List.of("date", "connection").contains(name)) {
                                text.append(name).append(": ").append(values.getFirst());
                                text.append('\n');
                            }
                        });
        return text.append('\n').append(answer.body()).toString();
    }

    private static Stream<String> names(String folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve(FOLDER + folder))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .map(name -> name.substring(0, name.length() - ending.length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }
}
