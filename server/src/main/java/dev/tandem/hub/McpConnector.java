package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.hub.ServerDeclaration.Program;
import dev.tandem.hub.ServerDeclaration.Remote;
import dev.tandem.mcp.McpConnection;
import dev.tandem.mcp.McpHost;
import dev.tandem.mcp.McpSettings;
import dev.tandem.mcp.McpTransport;
import dev.tandem.mcp.http.AddressRule;
import dev.tandem.mcp.http.Authorizer;
import dev.tandem.mcp.http.HttpEndpoint;
import dev.tandem.mcp.http.HttpTransports;
import dev.tandem.mcp.oauth.Authorizations;
import dev.tandem.mcp.oauth.TokenOwner;
import dev.tandem.mcp.stdio.StdioCommand;
import dev.tandem.mcp.stdio.StdioTransport;
import dev.tandem.secret.Secret;
import dev.tandem.tool.ToolScope;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Speaks MCP to servers: programs on this machine, and those that are reached over HTTP.
public final class McpConnector implements Connector {
    private static final Logger LOG = LoggerFactory.getLogger(McpConnector.class);
    private static final String LOG_LEVEL = "info";

    private final HttpTransports http;
    private final Authorizations authorizations;
    private final McpSettings settings;
    private final String version;

    /// @param version of this program, for the servers' logs
    public McpConnector(
            HttpTransports http,
            Authorizations authorizations,
            McpSettings settings,
            String version) {
        this.http = http;
        this.authorizations = authorizations;
        this.settings = settings;
        this.version = version;
    }

    @Override
    public ServerConnection open(Opening opening, Events events) throws InterruptedException {
        McpTransport transport =
                switch (opening.declaration()) {
                    case Program program -> program(program, opening, events);
                    case Remote remote -> remote(remote, opening, events);
                };
        McpConnection connection =
                McpConnection.open(transport, new Host(opening, events), version, settings);
        askForLog(connection, opening);
        return new McpServerConnection(connection);
    }

    private static McpTransport program(Program program, Opening opening, Events events) {
        List<String> words = new ArrayList<>(List.of(program.command()));
        words.addAll(program.arguments());
        return new StdioTransport(
                new StdioCommand(words, program.environment(), opening.folder()),
                line -> events.logged("stderr", line));
    }

    private McpTransport remote(Remote remote, Opening opening, Events events) {
        URI url = remote.address();
        HttpEndpoint endpoint = new HttpEndpoint(url, secrets(remote.headers()));
        AddressRule rule = opening.publicOnly() ? AddressRule.PUBLIC : AddressRule.ANY;
        Authorizer authorizer =
                remote.isAuthorized()
                        ? Authorizer.NONE
                        : new Overheard(
                                authorizations.of(
                                        owner(opening.scope()),
                                        remote.oauthServer(opening.serverId())),
                                events);
        return remote.sse()
                ? http.sse(endpoint, authorizer, rule)
                : http.either(endpoint, authorizer, rule);
    }

    static TokenOwner owner(ToolScope scope) {
        return new TokenOwner(scope.tenant(), scope.keyName());
    }

    /// Where people may have to sign in, each key has a connection of its own.
    @Override
    public Optional<String> holder(ToolScope scope, String serverId, ServerDeclaration declared) {
        return declared instanceof Remote remote && !remote.isAuthorized()
                ? Optional.of(scope.keyName())
                : Optional.empty();
    }

    private static Map<String, Secret> secrets(Map<String, String> headers) {
        Map<String, Secret> secrets = new HashMap<>();
        for (Map.Entry<String, String> header : headers.entrySet()) {
            try {
                secrets.put(header.getKey(), new Secret(header.getValue()));
            } catch (IllegalArgumentException empty) {
                throw Failure.invalid(
                        "headers", "headers." + header.getKey() + " must be one line of text.");
            }
        }
        return secrets;
    }

    /// A server without a log is none the worse.
    private static void askForLog(McpConnection connection, Opening opening)
            throws InterruptedException {
        try {
            connection.logLevel(LOG_LEVEL);
        } catch (Failure refused) {
            LOG.debug("{} does not say what it logs: {}", opening.serverId(), refused.code());
        }
    }

    /// Tells what it says, so that it is hidden in what the server says.
    private record Overheard(Authorizer authorizer, Events events) implements Authorizer {
        @Override
        public Optional<String> header() throws InterruptedException {
            Optional<String> said = authorizer.header();
            said.ifPresent(events::sent);
            return said;
        }

        @Override
        public boolean refused(Refusal refusal) throws InterruptedException {
            return authorizer.refused(refusal);
        }
    }

    /// What a server is told of us, and tells.
    private record Host(Opening opening, Events events) implements McpHost {
        @Override
        public List<Path> roots() {
            return opening.roots();
        }

        @Override
        public void listChanged(Kind kind) {
            if (kind == Kind.TOOLS) {
                events.toolsChanged();
            }
        }

        @Override
        public void log(String level, String logger, String text) {
            events.logged(level, logger.isEmpty() ? text : logger + ": " + text);
        }

        @Override
        public void ended(String why) {
            events.ended(why);
        }
    }
}
