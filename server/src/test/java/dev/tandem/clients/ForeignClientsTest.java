package dev.tandem.clients;

import dev.tandem.launch.RunningServer;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Clients in other languages: OpenAI's own packages over REST, gRPC's own packages with stubs made
/// from the contract's files, the usual WebSocket client.
final class ForeignClientsTest {
    private static final String PROTO = Path.of("../proto").toAbsolutePath().normalize().toString();

    @TempDir private static Path data;
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = KeyedServer.start(data);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @TestFactory
    Stream<DynamicTest> openAiForPython() throws Exception {
        return ClientScript.python("openai-python").cases(url(), KeyedServer.KEY);
    }

    @TestFactory
    Stream<DynamicTest> openAiForJavaScript() throws Exception {
        return ClientScript.node("openai-node", 22).cases(url(), KeyedServer.KEY);
    }

    @TestFactory
    Stream<DynamicTest> grpcForPython() throws Exception {
        ClientScript script = ClientScript.python("grpcio");
        String stubs = script.installed().resolve("stubs").toString();
        return script.cases(target(), KeyedServer.KEY, PROTO, stubs);
    }

    @TestFactory
    Stream<DynamicTest> grpcForJavaScript() throws Exception {
        return ClientScript.node("grpc-js", 20).cases(target(), KeyedServer.KEY, PROTO);
    }

    @TestFactory
    Stream<DynamicTest> webSocketForJavaScript() throws Exception {
        return ClientScript.node("ws", 20).cases(target(), KeyedServer.KEY);
    }

    private static String url() {
        return "http://" + target();
    }

    private static String target() {
        return "127.0.0.1:" + server.port();
    }
}
