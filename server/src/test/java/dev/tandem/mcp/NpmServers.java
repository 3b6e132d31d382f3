package dev.tandem.mcp;

import dev.tandem.mcp.stdio.StdioCommand;
import dev.tandem.mcp.stdio.StdioTransport;
import dev.tandem.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Real MCP servers from npm, installed once.
public final class NpmServers {
    private static final Path LISTS = Path.of("src/test/clients/node/mcp-servers").toAbsolutePath();
    private static final Path INSTALLED = Path.of("target/clients/mcp-servers").toAbsolutePath();

    private static final Path STATELESS_LISTS =
            Path.of("src/test/clients/node/mcp-stateless").toAbsolutePath();
    private static final Path STATELESS = Path.of("target/clients/mcp-stateless").toAbsolutePath();

    private NpmServers() {}

    static void installStateless() throws IOException, InterruptedException {
        Tool.npmPackages(STATELESS, STATELESS_LISTS);
        // node looks for packages beside the script
        Files.copy(
                STATELESS_LISTS.resolve("server.mjs"),
                STATELESS.resolve("server.mjs"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    /// A server of protocol 2026-07-28.
    ///
    /// @param arguments `modern` refuses to be greeted
    static StdioTransport startStateless(Path folder, String... arguments) {
        List<String> words =
                new ArrayList<>(List.of("node", STATELESS.resolve("server.mjs").toString()));
        words.addAll(List.of(arguments));
        return new StdioTransport(new StdioCommand(words, Map.of(), folder));
    }

    public static void install() throws IOException, InterruptedException {
        Tool.npmPackages(INSTALLED, LISTS);
    }

    /// What `node` runs.
    ///
    /// @param name such as `everything`
    public static Path script(String name) {
        return INSTALLED.resolve(
                "node_modules/@modelcontextprotocol/server-" + name + "/dist/index.js");
    }

    /// @param name such as `everything`
    static StdioTransport start(
            String name, Map<String, String> environment, Path folder, String... arguments) {
        List<String> words = new ArrayList<>(List.of("node", script(name).toString()));
        words.addAll(List.of(arguments));
        return new StdioTransport(new StdioCommand(words, environment, folder));
    }
}
