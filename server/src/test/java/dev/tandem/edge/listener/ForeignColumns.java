package dev.tandem.edge.listener;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Clients in other languages, which read HTTP/2 with other eyes than Netty. Each is a program that
/// says `row<TAB>passes` or what went wrong instead, and `drain` when the server is to end.
final class ForeignColumns {

    private static final Path CLIENTS = Path.of("src/test/clients").toAbsolutePath();
    private static final Path PROTO = Path.of("src/test/proto").toAbsolutePath();
    private static final Path TARGET = Path.of("target/clients").toAbsolutePath();

    private ForeignColumns() {}

    static List<Column> all() {
        return List.of(
                new Column("grpcio", ForeignColumns::grpcio),
                new Column("grpc-js", subject -> node(subject, "grpc.js")),
                new Column("connect-es", subject -> node(subject, "connect.js")));
    }

    private static Map<String, String> grpcio(Subject subject) throws Exception {
        Path python = TARGET.resolve("python");
        Tool.required("python3", "--version");
        Tool.prepared(
                python,
                CLIENTS.resolve("python/requirements.txt"),
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
        return filled(
                subject,
                python,
                "venv/bin/python",
                CLIENTS.resolve("python/column.py").toString(),
                Integer.toString(subject.port),
                python.toString());
    }

    private static Map<String, String> node(Subject subject, String script) throws Exception {
        Path node = TARGET.resolve("node");
        Tool.required("npm", "--version");
        Tool.prepared(
                node,
                CLIENTS.resolve("node/package.json"),
                folder -> {
                    Tool.copy(CLIENTS.resolve("node/package-lock.json"), folder);
                    Tool.run(folder, "npm", "ci", "--no-audit", "--no-fund");
                });
        Tool.copy(CLIENTS.resolve("node/rows.js"), node);
        Tool.copy(CLIENTS.resolve("node/" + script), node);
        return filled(
                subject,
                node,
                "node",
                script,
                Integer.toString(subject.port),
                PROTO.resolve("probe/v1/probe.proto").toString());
    }

    private static Map<String, String> filled(Subject subject, Path folder, String... command)
            throws IOException, InterruptedException {
        Map<String, String> rows = new LinkedHashMap<>();
        Tool.heard(folder, line -> hear(line, subject, rows), command);
        return rows;
    }

    private static void hear(String line, Subject subject, Map<String, String> rows) {
        int tab = line.indexOf('\t');
        if (line.equals("drain")) {
            Thread.ofVirtual().start(() -> subject.drain(Duration.ofSeconds(5)));
        } else if (tab > 0) {
            rows.put(line.substring(0, tab), line.substring(tab + 1));
        }
    }
}
