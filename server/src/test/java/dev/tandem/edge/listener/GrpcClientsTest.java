package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// gRPC clients in other languages, which read HTTP/2 with other eyes than Netty.
final class GrpcClientsTest {

    private static final Path CLIENTS = Path.of("src/test/clients").toAbsolutePath();
    private static final Path PROTO = Path.of("src/test/proto").toAbsolutePath();
    private static final Path TARGET = Path.of("target/clients").toAbsolutePath();

    private Subject subject;

    @BeforeEach
    void start() throws IOException {
        subject = Subject.listener(Transport.NETTY);
    }

    @AfterEach
    void stop() {
        subject.close();
    }

    @Test
    void grpcio() throws Exception {
        grpcio(subject);
    }

    @Test
    void grpcioOverTls(@TempDir Path folder) throws Exception {
        TestCertificate certificate = TestCertificate.create(folder, "python");
        try (Subject secure =
                Subject.listener(TestSettings.defaults().with(certificate.settings()))) {
            grpcio(secure, certificate.authority().toString());
        }
    }

    private static void grpcio(Subject subject, String... more) throws Exception {
        Path python = TARGET.resolve("python");
        Tool.required("python3", "--version");
        Tool.prepared(
                python,
                List.of(CLIENTS.resolve("python/requirements.txt")),
                folder -> {
                    Tool.run(folder, "python3", "-m", "venv", "venv");
                    Tool.run(folder, "venv/bin/pip", "-q", "install", "-r", "requirements.txt");
                });
        Tool.run(
                python,
                "venv/bin/python",
                "-m",
                "grpc_tools.protoc",
                "-I" + PROTO,
                "--python_out=.",
                "--grpc_python_out=.",
                "probe/v1/probe.proto");

        List<String> command =
                new ArrayList<>(
                        List.of(
                                "venv/bin/python",
                                CLIENTS.resolve("python/check.py").toString(),
                                Integer.toString(subject.port),
                                python.toString()));
        command.addAll(List.of(more));
        Tool.run(python, command.toArray(new String[0]));
    }

    @Test
    void grpcJs() throws Exception {
        Path node = TARGET.resolve("node");
        Tool.required("npm", "--version");
        Tool.prepared(
                node,
                List.of(
                        CLIENTS.resolve("node/package.json"),
                        CLIENTS.resolve("node/package-lock.json")),
                folder -> Tool.run(folder, "npm", "ci", "--no-audit", "--no-fund"));
        Files.copy(
                CLIENTS.resolve("node/check.js"),
                node.resolve("check.js"),
                StandardCopyOption.REPLACE_EXISTING);

        Tool.run(
                node,
                "node",
                "check.js",
                Integer.toString(subject.port),
                PROTO.resolve("probe/v1/probe.proto").toString());
    }

    @Test
    void grpcurl() throws Exception {
        String grpcurl = Tool.grpcurl();
        String address = "127.0.0.1:" + subject.port;

        String answer =
                Tool.run(
                        PROTO,
                        grpcurl,
                        "-plaintext",
                        "-import-path",
                        PROTO.toString(),
                        "-proto",
                        "probe/v1/probe.proto",
                        "-d",
                        "{\"count\": 3}",
                        address,
                        "probe.v1.Probe/ServerStream");

        assertEquals(2, answer.split("\"number\"", -1).length - 1, answer);
        assertTrue(answer.contains("\"number\": \"2\""), answer);
    }
}
