package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// grpc-go, as far as grpcurl's command line can express it.
final class GrpcurlColumn {

    private static final Path PROTO = Path.of("src/test/proto").toAbsolutePath();
    private static final String VERSION = "v1.9.4";

    private final Subject subject;
    private final String grpcurl;

    private GrpcurlColumn(Subject subject) throws IOException, InterruptedException {
        this.subject = subject;
        this.grpcurl = Tool.go("github.com/fullstorydev/grpcurl/cmd/grpcurl", VERSION);
    }

    static Map<String, String> fill(Subject subject) throws Exception {
        GrpcurlColumn column = new GrpcurlColumn(subject);
        return JavaRows.filled(
                Map.of(
                        "unary",
                        () -> column.says("\"text\": \"hi\"", "Unary", "{\"text\": \"hi\"}"),
                        "server streaming",
                        () -> column.says("\"number\": \"4\"", "ServerStream", "{\"count\": 5}"),
                        "thrown handler",
                        () -> column.fails("Unknown", "{\"behaviour\": \"throw exception\"}"),
                        "UTF-8 status text",
                        () -> column.fails("漢字", "{\"behaviour\": \"fail in unicode\"}"),
                        "error details",
                        () -> column.fails("BadRequest", "{\"behaviour\": \"fail with details\"}"),
                        "each status code",
                        column::eachCode,
                        "deadline",
                        column::deadline,
                        "messages of 1.9, 2.1, 4.1 and 15 MB",
                        column::large,
                        "a message above the limit",
                        column::tooLarge));
    }

    private String call(String method, String request, String... flags)
            throws IOException, InterruptedException {
        Path body = Files.createTempFile("request", ".json");
        try {
            Files.writeString(body, request);
            List<String> command = new ArrayList<>(List.of(grpcurl, "-plaintext"));
            command.addAll(List.of("-import-path", PROTO.toString()));
            command.addAll(List.of("-proto", "probe/v1/probe.proto", "-d", "@"));
            command.addAll(List.of(flags));
            command.addAll(List.of("127.0.0.1:" + subject.port, "probe.v1.Probe/" + method));
            return Tool.fed(PROTO, body, command.toArray(String[]::new));
        } finally {
            Files.delete(body);
        }
    }

    private void says(String wanted, String method, String request) throws Exception {
        String said = call(method, request);
        assertTrue(said.contains(wanted), said);
    }

    private void fails(String wanted, String request) throws Exception {
        says(wanted, "Unary", request);
    }

    private void eachCode() throws Exception {
        for (int code = 1; code <= 16; code++) {
            String said = call("Unary", "{\"behaviour\": \"fail as\", \"count\": " + code + "}");
            assertTrue(said.contains("Code: "), said);
        }
    }

    private void deadline() throws Exception {
        String request = "{\"behaviour\": \"wait for cancellation\"}";
        String said = call("Unary", request, "-max-time", "0.3");
        assertTrue(said.contains("DeadlineExceeded"), said);
    }

    private void large() throws Exception {
        for (int size : List.of(1_900_000, 2_100_000, 4_100_000, 15_000_000)) {
            String request = "{\"text\": \"" + "y".repeat(size) + "\"}";
            says("\"number\": \"" + size + "\"", "Unary", request);
        }
    }

    private void tooLarge() throws Exception {
        fails("ResourceExhausted", "{\"text\": \"" + "y".repeat(17_000_000) + "\"}");
    }
}
