package dev.tandem.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.launch.RunningServer;
import dev.tandem.testing.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// grpcurl, which knows the contract only by reflection.
final class GrpcurlTest {
    @TempDir private static Path data;
    private static RunningServer server;
    private static String grpcurl;

    @BeforeAll
    static void start() throws Exception {
        grpcurl = Tool.grpcurl();
        server =
                RunningServer.start(
                        data, Map.of("scripted.enabled", "true", "scripted.pace", "0ms"));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void listsServicesAndMethods() throws Exception {
        List<String> services = run("-plaintext", target(), "list").lines().toList();

        assertTrue(
                services.containsAll(
                        List.of(
                                "grpc.health.v1.Health",
                                "tandem.v1.ChatService",
                                "tandem.v1.ModelService",
                                "tandem.v1.ProjectService",
                                "tandem.v1.SessionService",
                                "tandem.v1.UsageService")),
                services::toString);
        String methods = run("-plaintext", target(), "list", "tandem.v1.ChatService");
        assertTrue(methods.contains("tandem.v1.ChatService.StreamChatCompletion"), methods);
    }

    @Test
    void describesWithTheContractsComments() throws Exception {
        String service = run("-plaintext", target(), "describe", "tandem.v1.ChatService");
        assertTrue(service.contains("// Answers with the whole message"), service);
        assertTrue(service.contains("get: \"/v1/runs/{run_id}\""), service);

        String request = run("-plaintext", target(), "describe", "tandem.v1.ChatCompletionRequest");
        assertTrue(request.contains("// Sampling temperature, 0 to 2."), request);
        String health = run("-plaintext", target(), "describe", "grpc.health.v1.Health");
        assertTrue(health.contains("rpc Check"), health);
    }

    @Test
    void asksAsItStandsInTheBook() throws Exception {
        String question =
                "{\"model\":\"scripted/any\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

        String stream =
                run(
                        "-plaintext",
                        "-d",
                        question,
                        target(),
                        "tandem.v1.ChatService/StreamChatCompletion");
        assertTrue(stream.contains("\"text\": \"hi\""), stream);
        assertTrue(stream.contains("\"finishReason\": \"stop\""), stream);
        String whole =
                run(
                        "-plaintext",
                        "-d",
                        question,
                        target(),
                        "tandem.v1.ChatService/CreateChatCompletion");
        assertTrue(whole.contains("\"content\": \"hi\""), whole);
    }

    @Test
    void tellsHealth() throws Exception {
        String health = run("-plaintext", target(), "grpc.health.v1.Health/Check");
        assertTrue(health.contains("\"status\": \"SERVING\""), health);

        Tool.Ended watch =
                Tool.ended(
                        data,
                        grpcurl,
                        "-plaintext",
                        "-max-time",
                        "2",
                        target(),
                        "grpc.health.v1.Health/Watch");
        assertTrue(watch.said().contains("\"status\": \"SERVING\""), watch::said);
    }

    @Test
    void showsTheDetailsOfAFailure() throws Exception {
        Tool.Ended failed =
                Tool.ended(
                        data,
                        grpcurl,
                        "-plaintext",
                        "-d",
                        "{\"model\":\"scripted/any\",\"temperature\":3,\"messages\":"
                                + "[{\"role\":\"user\",\"content\":\"hi\"}]}",
                        target(),
                        "tandem.v1.ChatService/CreateChatCompletion");

        assertEquals(64 + 3, failed.exit(), failed::said);
        assertTrue(failed.said().contains("Code: InvalidArgument"), failed::said);
        assertTrue(failed.said().contains("\"reason\": \"invalid_request\""), failed::said);
        assertTrue(failed.said().contains("\"field\": \"temperature\""), failed::said);
    }

    private static String run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(grpcurl));
        command.addAll(List.of(arguments));
        return Tool.run(data, command.toArray(String[]::new));
    }

    private static String target() {
        return "localhost:" + server.port();
    }
}
