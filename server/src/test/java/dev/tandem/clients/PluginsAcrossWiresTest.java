package dev.tandem.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Message;
import com.sun.net.httpserver.HttpServer;
import dev.tandem.launch.RunningServer;
import dev.tandem.testing.PluginJar;
import dev.tandem.v1.AuthorizeServerRequest;
import dev.tandem.v1.CallToolRequest;
import dev.tandem.v1.CreateServerRequest;
import dev.tandem.v1.DeauthorizeServerRequest;
import dev.tandem.v1.DeleteServerRequest;
import dev.tandem.v1.GetServerLogRequest;
import dev.tandem.v1.GetServerRequest;
import dev.tandem.v1.ListPromptsRequest;
import dev.tandem.v1.ListResourcesRequest;
import dev.tandem.v1.ListServerToolsRequest;
import dev.tandem.v1.ListServersRequest;
import dev.tandem.v1.RestartServerRequest;
import dev.tandem.v1.TrustServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Plugins and webhooks beside MCP servers, over both wires.
final class PluginsAcrossWiresTest {
    private static final String PLUGIN =
            """
            package com.example;
            import dev.tandem.plugin.*;
            import dev.tandem.tool.ToolOutput;
            import java.util.List;
            public final class Text implements ToolPlugin {
                public String name() { return "text"; }
                public List<PluginTool> tools() {
                    return List.of(new PluginTool("shout", "Says it loudly.",
                        "{\\"type\\":\\"object\\",\\"required\\":[\\"text\\"]}").readOnly());
                }
                public ToolOutput call(PluginCall call) {
                    return ToolOutput.text(call.argumentsJson().toUpperCase());
                }
            }
            """;

    @TempDir private static Path data;
    private static HttpServer weather;
    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        weather = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        weather.createContext(
                "/",
                exchange -> {
                    byte[] body = "sunny".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        weather.start();
        Path plugins = Files.createDirectory(data.resolve("plugins"));
        PluginJar.make(plugins.resolve("text.jar"), "com.example.Text", PLUGIN);
        server = RunningServer.start(data, settings());
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("mcp.claude-servers", "false");
        settings.put("mcp.policy.0.decision", "allow");
        settings.put("mcp.servers.remote.url", "https://mcp.invalid/mcp");
        settings.put("plugins.webhooks.0.name", "weather");
        settings.put("plugins.webhooks.0.description", "Tells the weather.");
        settings.put(
                "plugins.webhooks.0.url", "http://127.0.0.1:" + weather.getAddress().getPort());
        settings.put("auth.keys.0.name", "operator");
        settings.put("auth.keys.0.key", "operator-0123456789");
        settings.put("auth.keys.0.admin", "true");
        return settings;
    }

    @AfterAll
    static void stop() {
        server.close();
        weather.stop(0);
    }

    static Stream<Wire> wires() {
        return Stream.<Wire>of(
                        new GrpcWire(server.grpc(), Map.of()), new RestWire(server, Map.of()))
                .map(wire -> wire.as("operator-0123456789"));
    }

    @ParameterizedTest
    @MethodSource("wires")
    void areListedBesideServers(Wire wire) {
        assertEquals(List.of("remote", "text", "webhooks"), ids(wire, ""));
        assertEquals(List.of("text", "webhooks"), ids(wire, "plugin"));
        assertEquals(List.of("remote"), ids(wire, "user"));
        assertEquals(List.of(), ids(wire, "project"));

        JsonNode text = wire.call(GetServerRequest.newBuilder().setServerId("text").build()).ok();
        assertEquals("plugin", text.path("scope").asText());
        assertEquals("plugin", text.path("transport").asText());
        assertEquals("ready", text.path("status").asText());
        assertEquals(1, text.path("tool_count").asInt());
        assertTrue(text.path("trusted").asBoolean());
        assertFalse(text.path("added").asBoolean());
    }

    @ParameterizedTest
    @MethodSource("wires")
    void tellTheirToolsAndAnswerCalls(Wire wire) {
        JsonNode tools =
                wire.call(ListServerToolsRequest.newBuilder().setServerId("text").build()).ok();

        assertEquals("shout", tools.path("data").path(0).path("name").asText());
        assertTrue(tools.path("data").path(0).path("read_only").asBoolean());
        JsonNode said = wire.call(call("text", "shout", "{\"text\":\"hi\"}")).ok();
        assertEquals("{\"TEXT\":\"HI\"}", said.path("content").path(0).path("text").asText());
        JsonNode sunny = wire.call(call("webhooks", "weather", "{}")).ok();
        assertEquals("sunny", sunny.path("content").path(0).path("text").asText());
        assertEquals("failed", wire.call(call("text", "shout", "{}")).ok().path("status").asText());
        assertEquals("not_found at tool", wire.call(call("text", "none", "{}")).failure());
    }

    @ParameterizedTest
    @MethodSource("wires")
    void offerNothingElseAndStayAsTheyAre(Wire wire) {
        for (Message offers :
                List.of(
                        ListResourcesRequest.newBuilder().setServerId("text").build(),
                        ListPromptsRequest.newBuilder().setServerId("text").build())) {
            assertTrue(wire.call(offers).ok().path("data").isEmpty());
        }
        for (Message change :
                List.of(
                        RestartServerRequest.newBuilder().setServerId("text").build(),
                        DeleteServerRequest.newBuilder().setServerId("text").build(),
                        TrustServerRequest.newBuilder().setServerId("text").build(),
                        AuthorizeServerRequest.newBuilder().setServerId("text").build(),
                        DeauthorizeServerRequest.newBuilder().setServerId("text").build(),
                        GetServerLogRequest.newBuilder().setServerId("text").build())) {
            Wire.Answer refused = wire.call(change);
            assertEquals("conflict at server_id", refused.failure());
            assertTrue(refused.message().contains("is part of this server"), refused.message());
        }
        assertEquals(
                "already_exists at name",
                wire.call(CreateServerRequest.newBuilder().setName("text").setCommand("x").build())
                        .failure());
    }

    @Test
    void anMcpServerOfTheSameNameHidesAPlugin(@TempDir Path other) {
        Map<String, String> settings = settings();
        settings.put("mcp.servers.webhooks.url", "https://mcp.invalid/mcp");
        try (RunningServer clashing = RunningServer.start(other, settings)) {
            Wire wire = new RestWire(clashing, Map.of()).as("operator-0123456789");

            JsonNode list = wire.call(ListServersRequest.getDefaultInstance()).ok();

            assertEquals(
                    List.of("user", "user"),
                    stream(list).map(one -> one.path("scope").asText()).toList());
            assertEquals(
                    "The plugin webhooks is hidden: an MCP server of that name is declared;"
                            + " rename one of them.",
                    list.path("problems").path(0).asText());
        }
    }

    private static CallToolRequest call(String server, String tool, String arguments) {
        return CallToolRequest.newBuilder()
                .setServerId(server)
                .setTool(tool)
                .setArgumentsJson(arguments)
                .build();
    }

    private static List<String> ids(Wire wire, String scope) {
        ListServersRequest.Builder request = ListServersRequest.newBuilder();
        if (!scope.isEmpty()) {
            request.setScope(scope);
        }
        JsonNode list = wire.call(request.build()).ok();
        return stream(list).map(one -> one.path("id").asText()).toList();
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.path("data").spliterator(), false);
    }
}
