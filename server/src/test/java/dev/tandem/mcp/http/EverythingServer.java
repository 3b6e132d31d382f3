package dev.tandem.mcp.http;

import dev.tandem.testing.Tool;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/// MCP's server that does everything, from npm, spoken to over HTTP.
public final class EverythingServer implements AutoCloseable {
    private static final Path LISTS = Path.of("src/test/clients/node/mcp-servers").toAbsolutePath();
    private static final Path INSTALLED = Path.of("target/clients/mcp-servers").toAbsolutePath();

    private final Wire wire;
    private final int port;
    private final Process process;

    /// How it is spoken to.
    public enum Wire {
        STREAMABLE("streamableHttp", "/mcp"),
        SSE("sse", "/sse");

        private final String word;
        private final String path;

        Wire(String word, String path) {
            this.word = word;
            this.path = path;
        }
    }

    private EverythingServer(Wire wire, int port, Process process) {
        this.wire = wire;
        this.port = port;
        this.process = process;
    }

    static void install() throws IOException, InterruptedException {
        Tool.npmPackages(INSTALLED, LISTS);
    }

    public static EverythingServer start(Wire wire) throws IOException {
        return start(wire, freePort());
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static EverythingServer start(Wire wire, int port) throws IOException {
        Path script =
                INSTALLED.resolve(
                        "node_modules/@modelcontextprotocol/server-everything/dist/index.js");
        ProcessBuilder builder = new ProcessBuilder("node", script.toString(), wire.word);
        builder.environment().putAll(Map.of("PORT", "" + port));
        builder.redirectErrorStream(true);
        Process process = builder.start();
        BufferedReader log = process.inputReader();
        String line = log.readLine();
        while (line != null && !line.contains("port " + port)) {
            line = log.readLine();
        }
        if (line == null) {
            throw new IOException("the server has not started");
        }
        Thread.ofVirtual().start(() -> readOn(log));
        return new EverythingServer(wire, port, process);
    }

    /// A server whose log nobody reads stands still.
    private static void readOn(BufferedReader log) {
        try {
            while (log.readLine() != null) {
                // the next line
            }
        } catch (IOException killed) {
            // it writes no more
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port + wire.path);
    }

    /// Kills it as the kernel would.
    public void kill() {
        process.destroyForcibly();
    }

    /// Kills it and waits until nothing of it is left.
    void end() throws InterruptedException {
        kill();
        int _ = process.waitFor();
    }

    /// Another one at the same address, after this one was killed.
    public EverythingServer again() throws IOException, InterruptedException {
        end();
        return start(wire, port);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
