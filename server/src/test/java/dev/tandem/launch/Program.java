package dev.tandem.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The server in a process of its own, which can be killed.
final class Program implements AutoCloseable {
    private final Process process;

    private Program(Process process) {
        this.process = process;
    }

    /// Returns once it listens.
    static Program start(Path folder, int port) throws IOException {
        return start(folder, port, Map.of("scripted.enabled", "true", "scripted.pace", "0ms"));
    }

    /// @param settings by key, such as `anthropic.base-url`
    static Program start(Path folder, int port, Map<String, String> settings) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.tandem.launch.Main",
                                "--port",
                                Integer.toString(port),
                                "--data",
                                folder.toString(),
                                "--set",
                                "local.enabled=false"));
        settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        awaitListening(process.inputReader());
        return new Program(process);
    }

    private static void awaitListening(BufferedReader log) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            said.append(line).append('\n');
            if (line.contains("listens on")) {
                Thread.ofVirtual().start(() -> log.lines().forEach(_ -> {}));
                return;
            }
        }
        throw new IllegalStateException("the server did not start:\n" + said);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Ends it at once, as a crash would.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
