package dev.tandem.mcp.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.mcp.McpConnection;
import dev.tandem.mcp.McpHost;
import dev.tandem.mcp.McpSettings;
import dev.tandem.mcp.McpTransport;
import dev.tandem.mcp.oauth.ConformanceSignIn;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolWatcher;
import java.net.URI;
import java.util.Optional;

/// A client that MCP's conformance suite runs against its servers: one scenario, and then it ends.
/// The suite names the scenario in `MCP_CONFORMANCE_SCENARIO`, what else there is to know in
/// `MCP_CONFORMANCE_CONTEXT`, and gives the server's URL as the last argument.
final class ConformanceClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final McpConnection connection;
    private final JsonNode context;

    private ConformanceClient(McpConnection connection, JsonNode context) {
        this.connection = connection;
        this.context = context;
    }

    public static void main(String[] arguments) throws Exception {
        String scenario = environment("MCP_CONFORMANCE_SCENARIO").orElse("initialize");
        JsonNode context = JSON.readTree(environment("MCP_CONFORMANCE_CONTEXT").orElse("{}"));
        URI url = URI.create(arguments[arguments.length - 1]);
        play(scenario, context, url, environment("MCP_CONFORMANCE_PROTOCOL_VERSION"));
    }

    /// @param version the protocol version to speak; empty for the newest that the server knows
    static void play(String scenario, JsonNode context, URI url, Optional<String> version)
            throws Exception {
        McpSettings settings =
                version.map(McpSettings.DEFAULTS::withProtocol).orElse(McpSettings.DEFAULTS);
        Authorizer authorizer = authorizer(scenario, context, url);
        try (HttpTransports transports = new HttpTransports(HttpLimits.DEFAULTS);
                McpTransport transport =
                        transports.either(new HttpEndpoint(url), authorizer, AddressRule.ANY);
                McpConnection connection =
                        McpConnection.open(transport, McpHost.NONE, "test", settings)) {
            new ConformanceClient(connection, context).play(scenario);
        }
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
    }

    /// Who the client says it is, in a scenario whose name begins with `auth/`.
    private static Authorizer authorizer(String scenario, JsonNode context, URI url) {
        return scenario.startsWith("auth/")
                ? ConformanceSignIn.authorizer(scenario, context, url)
                : Authorizer.NONE;
    }

    private void play(String scenario) throws Exception {
        switch (scenario) {
            case "initialize", "request-metadata", "json-schema-ref-no-deref" -> connection.tools();
            case "http-standard-headers" -> {
                callAll("{}");
                readAll();
            }
            case "http-custom-headers" -> callAsTold();
            case "http-invalid-tool-headers" -> callAll("{\"value\":\"x\"}");
            case "json-schema-2020-12-preservation" -> echoSchema();
            case "sep-2322-client-request-state" -> callAll("{}");
            default -> callAll("{\"a\":2,\"b\":3}");
        }
    }

    private void callAll(String argumentsJson) throws InterruptedException {
        for (ToolDefinition tool : connection.tools()) {
            call(tool.name(), argumentsJson);
        }
    }

    private void call(String tool, String argumentsJson) throws InterruptedException {
        connection.call(tool, argumentsJson, new ConformancePerson(connection));
    }

    private void callAsTold() throws InterruptedException {
        connection.tools();
        for (JsonNode call : context.path("toolCalls")) {
            call(call.path("name").asText(), call.path("arguments").toString());
        }
    }

    private void readAll() throws InterruptedException {
        for (ContextItem item : connection.context(ContextItem.Kind.RESOURCE)) {
            String params = JSON.createObjectNode().put("uri", item.name()).toString();
            connection.read("resources/read", params, ToolWatcher.NONE);
        }
        for (ContextItem item : connection.context(ContextItem.Kind.PROMPT)) {
            String params = JSON.createObjectNode().put("name", item.name()).toString();
            connection.read("prompts/get", params, ToolWatcher.NONE);
        }
    }

    private void echoSchema() throws InterruptedException, JsonProcessingException {
        for (ToolDefinition tool : connection.tools()) {
            if (tool.name().equals("json_schema_2020_12_tool")) {
                JsonNode schema = JSON.readTree(tool.inputSchemaJson());
                call("json_schema_echo", JSON.createObjectNode().set("schema", schema).toString());
            }
        }
    }
}
