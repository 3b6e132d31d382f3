package dev.tandem.clients;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.edge.listener.TestCertificate;
import dev.tandem.launch.RunningServer;
import dev.tandem.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The whole server with TLS, and the programs that people have at hand.
final class TlsClientsTest {
    @TempDir static Path folder;
    private static String authority;
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        TestCertificate certificate = TestCertificate.create(folder, "whole");
        authority = certificate.authority().toString();
        server =
                RunningServer.start(
                        Files.createDirectory(folder.resolve("data")),
                        Map.of(
                                "scripted.enabled",
                                "true",
                                "scripted.pace",
                                "0ms",
                                "server.tls.certificate",
                                certificate.chain().toString(),
                                "server.tls.private-key",
                                certificate.key().toString()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"--http1.1, 1.1", "--http2, 2"})
    void curlStreams(String option, String version) throws Exception {
        Tool.required("curl", "--version");

        String said =
                Tool.run(
                        folder,
                        "curl",
                        "-sSN",
                        option,
                        "--cacert",
                        authority,
                        "-w",
                        "over HTTP/%{http_version}",
                        "-H",
                        "content-type: application/json",
                        "-d",
                        "{\"model\":\"scripted/echo\",\"stream\":true,\"messages\":"
                                + "[{\"role\":\"user\",\"content\":\"hallo\"}]}",
                        "https://localhost:" + server.port() + "/v1/chat/completions");

        assertTrue(said.contains("\"content\":\"hallo\""), said);
        assertTrue(said.endsWith("data: [DONE]\n\nover HTTP/" + version), said);
    }

    @Test
    void grpcurlStreams() throws Exception {
        String said =
                Tool.run(
                        folder,
                        Tool.grpcurl(),
                        "-cacert",
                        authority,
                        "-d",
                        "{\"model\":\"scripted/echo\",\"messages\":"
                                + "[{\"role\":\"user\",\"content\":\"hallo\"}]}",
                        "localhost:" + server.port(),
                        "tandem.v1.ChatService/StreamChatCompletion");

        assertTrue(said.contains("hallo") && said.contains("completed"), said);
    }
}
