package dev.tandem.mcp;

import dev.tandem.mcp.stdio.StdioCommand;
import dev.tandem.mcp.stdio.StdioTransport;
import dev.tandem.testing.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Real MCP servers from npm, installed once.
public final class NpmServers {
    private static final Path LISTS = Path.of("src/test/clients/node/mcp-servers").toAbsolutePath();
    private static final Path INSTALLED = Path.of("target/clients/mcp-servers").toAbsolutePath();

    private NpmServers() {}

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
