package dev.tandem.mcp.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.mcp.McpConnection;
import dev.tandem.mcp.McpHost;
import dev.tandem.mcp.McpSettings;
import dev.tandem.mcp.McpTransport;
import dev.tandem.mcp.http.AddressRule;
import dev.tandem.mcp.http.Authorizer;
import dev.tandem.mcp.http.HttpEndpoint;
import dev.tandem.mcp.http.HttpLimits;
import dev.tandem.mcp.http.HttpTransports;
import dev.tandem.secret.Secret;
import dev.tandem.tool.ToolWatcher;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The client that MCP's conformance tests of authorization start: signs in, lists the tools and
/// calls one. Its last argument is the server's URL; the rest is in the environment.
public final class OAuthConformanceClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TokenOwner SOMEBODY = new TokenOwner("default", "anonymous");
    private static final URI DOCUMENT =
            URI.create("https://conformance-test.local/client-metadata.json");
    private static final String MODERN = "2026-07-28";

    private OAuthConformanceClient() {}

    public static void main(String... arguments) throws Exception {
        URI url = URI.create(arguments[arguments.length - 1]);
        JsonNode context = JSON.readTree(environment("MCP_CONFORMANCE_CONTEXT").orElse("{}"));
        OAuthServer server = new OAuthServer("tested", url, client(context), Set.of());
        TokenKey key =
                TokenKey.of(new Secret(Base64.getEncoder().encodeToString(new byte[32])));
        try (HttpTransports transports = new HttpTransports(HttpLimits.DEFAULTS);
                Authorizations authorizations =
                        new Authorizations(
                                settings(), new MemoryTokenStore(), key, Clock.systemUTC())) {
            Authorizer authorizer = new SignsInAtOnce(authorizations, SOMEBODY, server);
            McpTransport transport =
                    transports.streamable(new HttpEndpoint(url), authorizer, AddressRule.ANY);
            boolean modern =
                    environment("MCP_CONFORMANCE_PROTOCOL_VERSION")
                            .filter(MODERN::equals)
                            .isPresent();
            if (modern) {
                withoutSession(transport);
            } else {
                inSession(transport);
            }
        }
        System.exit(0);
    }

    private static OAuthSettings settings() {
        OAuthSettings defaults = OAuthSettings.DEFAULTS;
        return new OAuthSettings(
                defaults.clientName(),
                Optional.of(URI.create("http://localhost:8080")),
                Optional.of(DOCUMENT),
                defaults.requestMax(),
                defaults.signInMax(),
                defaults.refreshAhead(),
                defaults.documentBytesMax(),
                defaults.signInsMax());
    }

    private static Optional<OAuthClient> client(JsonNode context) {
        Optional<String> id = Optional.ofNullable(context.path("client_id").textValue());
        String scenario = environment("MCP_CONFORMANCE_SCENARIO").orElse("");
        return id.map(
                known ->
                        new OAuthClient(
                                known,
                                text(context, "client_secret").map(Secret::new),
                                text(context, "private_key_pem")
                                        .map(pem -> key(pem, context)),
                                Optional.empty(),
                                grant(scenario, context)));
    }

    private static ClientKey key(String pem, JsonNode context) {
        String line = pem.replace("\n", "");
        return ClientKey.of(
                new Secret(line), context.path("signing_algorithm").asText(), Optional.empty());
    }

    private static OAuthGrant grant(String scenario, JsonNode context) {
        if (scenario.startsWith("auth/client-credentials")) {
            return OAuthGrant.OWN_BEHALF;
        }
        Optional<String> workload = text(context, "valid_jwt");
        if (workload.isPresent()) {
            return new OAuthGrant.Vouched((_, _) -> new Secret(workload.get()));
        }
        return OAuthGrant.SIGN_IN;
    }

    private static void inSession(McpTransport transport) throws InterruptedException {
        try (McpConnection connection =
                McpConnection.open(transport, McpHost.NONE, "1", McpSettings.DEFAULTS)) {
            connection.tools();
            connection.call("test-tool", "{}", ToolWatcher.NONE);
        }
    }

    private static void withoutSession(McpTransport transport) throws Exception {
        LinkedBlockingQueue<String> said = new LinkedBlockingQueue<>();
        transport.open(
                new McpTransport.Receiver() {
                    @Override
                    public void received(String message) {
                        said.add(message);
                    }

                    @Override
                    public void ended(String why) {
                        said.add("ended: " + why);
                    }
                });
        transport.agreed(MODERN);
        ask(transport, said, 1, "tools/list", JSON.createObjectNode());
        ask(
                transport,
                said,
                2,
                "tools/call",
                JSON.createObjectNode().put("name", "test-tool").put("arguments", "{}"));
        transport.close();
    }

    private static void ask(
            McpTransport transport,
            LinkedBlockingQueue<String> said,
            long id,
            String method,
            ObjectNode params)
            throws Exception {
        if (params.has("arguments")) {
            params.putObject("arguments");
        }
        ObjectNode meta = params.putObject("_meta");
        meta.put("io.modelcontextprotocol/protocolVersion", MODERN);
        meta.putObject("io.modelcontextprotocol/clientInfo")
                .put("name", "tandem")
                .put("version", "1");
        meta.putObject("io.modelcontextprotocol/clientCapabilities");
        ObjectNode message =
                JSON.createObjectNode().put("jsonrpc", "2.0").put("id", id).put("method", method);
        message.set("params", params);
        transport.send(
                new McpTransport.Outgoing(
                        message.toString(),
                        OptionalLong.of(id),
                        Optional.of(method),
                        text(params, "name")));
        String answer = said.poll(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS);
        if (answer == null || !answer.contains("\"result\"")) {
            throw new IllegalStateException("no answer to " + method + ": " + answer);
        }
    }

    private static Optional<String> text(JsonNode json, String field) {
        return Optional.ofNullable(json.path(field).textValue());
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name));
    }
}
