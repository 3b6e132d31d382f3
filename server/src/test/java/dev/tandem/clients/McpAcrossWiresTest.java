package dev.tandem.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.launch.RunningServer;
import dev.tandem.mcp.NpmServers;
import dev.tandem.v1.AuthorizeServerRequest;
import dev.tandem.v1.CallToolRequest;
import dev.tandem.v1.CreateProjectRequest;
import dev.tandem.v1.CreateServerRequest;
import dev.tandem.v1.DeauthorizeServerRequest;
import dev.tandem.v1.DeleteServerRequest;
import dev.tandem.v1.GetPromptRequest;
import dev.tandem.v1.GetServerLogRequest;
import dev.tandem.v1.GetServerRequest;
import dev.tandem.v1.ListPromptsRequest;
import dev.tandem.v1.ListResourcesRequest;
import dev.tandem.v1.ListServerToolsRequest;
import dev.tandem.v1.ListServersRequest;
import dev.tandem.v1.ReadResourceRequest;
import dev.tandem.v1.RestartServerRequest;
import dev.tandem.v1.TrustServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// MCP servers over both wires, each with a tenant of its own and real servers behind.
final class McpAcrossWiresTest {
    private static final String SECRET = "hush-hush-very-secret";

    @TempDir private static Path data;
    private static RunningServer server;

    /// A caller over one of the wires.
    ///
    /// @param admin with an admin's key
    /// @param user the same tenant, with a key that is none
    /// @param other another tenant
    private record Callers(Wire admin, Wire user, Wire other) {}

    @BeforeAll
    static void start() throws Exception {
        NpmServers.install();
        Files.writeString(
                data.resolve(".claude.json"),
                """
                {"mcpServers": {"everything": {"command": "node", "args": ["%s", "stdio"]}}}
                """
                        .formatted(NpmServers.script("everything")));
        Map<String, String> settings = new TreeMap<>();
        settings.put("mcp.policy.0.decision", "allow");
        settings.put("mcp.servers.remote.url", "https://mcp.invalid/mcp?key=" + SECRET);
        for (String wire : List.of("grpc", "rest")) {
            addKey(settings, wire + "-admin", wire, true);
            addKey(settings, wire + "-user", wire, false);
            addKey(settings, wire + "-other", wire + "-other", true);
        }
        server = RunningServer.start(data, settings);
    }

    private static void addKey(
            Map<String, String> settings, String name, String tenant, boolean admin) {
        long number = settings.keySet().stream().filter(key -> key.endsWith(".name")).count();
        String prefix = "auth.keys." + number + ".";
        settings.put(prefix + "name", name);
        settings.put(prefix + "tenant", tenant);
        settings.put(prefix + "admin", String.valueOf(admin));
        settings.put(prefix + "key", key(name));
    }

    private static String key(String name) {
        return "the-key-called-" + name;
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertFalse(text.contains(SECRET), file::toString);
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> overBothWires() {
        Map<String, Consumer<Callers>> table = new TreeMap<>();
        table.put("servers are listed and found", this::listed);
        table.put("tools are listed and tried", this::tools);
        table.put("a server is added and removed", this::added);
        table.put("what does not go together is named", this::wrongFields);
        table.put("only an admin may", this::onlyAdmins);
        table.put("a project's server is trusted first", this::trusted);
        table.put("resources and prompts are read", this::context);
        table.put("a server is started anew and its log read", this::restarted);
        table.put("signing in needs a way back", this::signIn);
        return table.entrySet().stream()
                .flatMap(
                        one ->
                                Stream.of(
                                        DynamicTest.dynamicTest(
                                                one.getKey() + ", over gRPC",
                                                () -> one.getValue().accept(grpc())),
                                        DynamicTest.dynamicTest(
                                                one.getKey() + ", over REST",
                                                () -> one.getValue().accept(rest()))));
    }

    private static Callers grpc() {
        return callers(new GrpcWire(server.grpc(), Map.of()), "grpc");
    }

    private static Callers rest() {
        return callers(new RestWire(server, Map.of()), "rest");
    }

    private static Callers callers(Wire wire, String name) {
        return new Callers(
                wire.as(key(name + "-admin")),
                wire.as(key(name + "-user")),
                wire.as(key(name + "-other")));
    }

    private void listed(Callers callers) {
        JsonNode list = callers.user().call(ListServersRequest.getDefaultInstance()).ok();
        assertEquals("list", list.path("object").asText());
        assertFalse(list.path("has_more").asBoolean());
        assertTrue(ids(list).containsAll(List.of("everything", "remote")), list::toString);

        JsonNode remote = callers.user().call(get("remote")).ok();
        assertEquals("user", remote.path("scope").asText());
        assertEquals("http", remote.path("transport").asText());
        assertEquals("idle", remote.path("status").asText());
        assertEquals("https://mcp.invalid/mcp", remote.path("executable").asText());
        assertTrue(remote.path("trusted").asBoolean());
        assertFalse(remote.toString().contains(SECRET));

        JsonNode page =
                callers.user().call(ListServersRequest.newBuilder().setPageSize(1).build()).ok();
        assertEquals(List.of("everything"), ids(page));
        JsonNode next =
                callers.user()
                        .call(
                                ListServersRequest.newBuilder()
                                        .setPageToken(page.path("next_page_token").asText())
                                        .build())
                        .ok();
        assertFalse(ids(next).contains("everything"));
        JsonNode none =
                callers.user()
                        .call(ListServersRequest.newBuilder().setScope("project").build())
                        .ok();
        assertEquals(List.of(), ids(none));
        assertEquals("not_found at server_id", callers.user().call(get("none")).failure());
        assertEquals(
                "not_found at project_id",
                callers.user()
                        .call(ListServersRequest.newBuilder().setProjectId("proj_none").build())
                        .failure());
        assertEquals(
                "invalid_request at scope",
                callers.user()
                        .call(ListServersRequest.newBuilder().setScope("all").build())
                        .failure());
    }

    private void tools(Callers callers) {
        JsonNode tools = callers.user().call(tools("everything")).ok();
        JsonNode echo =
                stream(tools.path("data"))
                        .filter(tool -> tool.path("name").asText().equals("echo"))
                        .findFirst()
                        .orElseThrow();
        assertEquals("object", echo.path("input_schema").path("type").asText());
        assertTrue(echo.path("supports_stream").asBoolean());

        JsonNode answer = callers.user().call(call("echo", "{\"message\":\"hi\"}")).ok();
        assertEquals("succeeded", answer.path("status").asText());
        assertFalse(answer.path("is_error").asBoolean());
        assertEquals("Echo: hi", answer.path("content").path(0).path("text").asText());

        JsonNode structured =
                callers.user()
                        .call(call("get-structured-content", "{\"location\":\"Chicago\"}"))
                        .ok();
        assertTrue(structured.path("structured").isObject(), structured::toString);
        JsonNode image = callers.user().call(call("get-tiny-image", "{}")).ok();
        assertTrue(
                stream(image.path("content"))
                        .anyMatch(
                                piece ->
                                        piece.path("type").asText().equals("image")
                                                && piece.path("media_type")
                                                        .asText()
                                                        .equals("image/png")));
        assertEquals(
                "not_found at tool", callers.user().call(call("no-such-tool", "{}")).failure());

        JsonNode up = callers.user().call(get("everything")).ok();
        assertEquals("ready", up.path("status").asText());
        assertEquals(tools.path("data").size(), up.path("tool_count").asInt());
        assertFalse(up.path("version").asText().isEmpty());
    }

    private void added(Callers callers) {
        CreateServerRequest memory =
                CreateServerRequest.newBuilder()
                        .setName("memory")
                        .setCommand("node")
                        .addArgs(NpmServers.script("memory").toString())
                        .putEnv("TOKEN", SECRET)
                        .build();
        JsonNode made = callers.admin().call(memory).ok();
        assertEquals("memory", made.path("id").asText());
        assertEquals("stdio", made.path("transport").asText());
        assertTrue(made.path("added").asBoolean());
        assertEquals("TOKEN", made.path("env_names").path(0).asText());
        assertFalse(made.toString().contains(SECRET));
        assertEquals("already_exists at name", callers.admin().call(memory).failure());
        assertEquals("not_found at server_id", callers.other().call(get("memory")).failure());
        JsonNode others = callers.other().call(ListServersRequest.getDefaultInstance()).ok();
        assertFalse(ids(others).contains("memory"));

        assertFalse(callers.user().call(tools("memory")).ok().path("data").isEmpty());

        DeleteServerRequest delete = delete("memory");
        assertEquals("not_found at server_id", callers.other().call(delete).failure());
        assertTrue(callers.admin().call(delete).ok().isEmpty());
        assertEquals("not_found at server_id", callers.admin().call(delete).failure());
        assertEquals("conflict at server_id", callers.admin().call(delete("remote")).failure());
    }

    private void wrongFields(Callers callers) {
        CreateServerRequest.Builder nothing = CreateServerRequest.newBuilder().setName("x");
        assertEquals("invalid_request at command", callers.admin().call(nothing.build()).failure());
        assertEquals(
                "invalid_request at url",
                callers.admin().call(nothing.clone().setTransport("http").build()).failure());
        assertEquals(
                "invalid_request at headers",
                callers.admin()
                        .call(nothing.clone().setCommand("x").putHeaders("A", "b").build())
                        .failure());
        assertEquals(
                "invalid_request at url",
                callers.admin().call(nothing.clone().setUrl("ftp://x").build()).failure());
        assertEquals(
                "invalid_request at name",
                callers.admin()
                        .call(nothing.clone().setName("a b").setCommand("x").build())
                        .failure());
        assertEquals(
                "already_exists at name",
                callers.admin()
                        .call(nothing.clone().setName("remote").setCommand("x").build())
                        .failure());
    }

    private void onlyAdmins(Callers callers) {
        CreateServerRequest create =
                CreateServerRequest.newBuilder().setName("x").setCommand("x").build();
        assertEquals("forbidden", callers.user().call(create).failure());
        assertEquals("forbidden", callers.user().call(delete("remote")).failure());
        assertEquals("forbidden", callers.user().call(trust("remote")).failure());
        assertEquals("forbidden", callers.user().call(log("remote")).failure());
        assertEquals("conflict at server_id", callers.admin().call(trust("remote")).failure());
    }

    private void trusted(Callers callers) {
        JsonNode project =
                callers.user().call(CreateProjectRequest.newBuilder().setName("p").build()).ok();
        String id = project.path("id").asText();
        declare(project, "stdio");
        String files = "files@" + id;
        ListServersRequest inProject =
                ListServersRequest.newBuilder().setScope("project").setProjectId(id).build();

        JsonNode list = callers.user().call(inProject).ok();
        assertEquals(List.of(files), ids(list));
        JsonNode found = list.path("data").path(0);
        assertEquals("untrusted", found.path("status").asText());
        assertEquals("project", found.path("scope").asText());
        assertEquals(id, found.path("project_id").asText());
        assertEquals("forbidden", callers.user().call(tools(files)).failure());
        assertEquals("not_found at project_id", callers.other().call(get(files)).failure());

        JsonNode trusted = callers.admin().call(trust(files)).ok();
        assertTrue(trusted.path("trusted").asBoolean());
        assertFalse(callers.user().call(tools(files)).ok().path("data").isEmpty());
        JsonNode echo =
                callers.user()
                        .call(
                                CallToolRequest.newBuilder()
                                        .setServerId(files)
                                        .setTool("echo")
                                        .setArgumentsJson("{\"message\":\"hi\"}")
                                        .build())
                        .ok();
        assertEquals("succeeded", echo.path("status").asText());

        declare(project, "other");
        assertEquals("forbidden", callers.user().call(tools(files)).failure());
    }

    private static void declare(JsonNode project, String argument) {
        Path root = data.resolve("workspaces");
        try {
            Files.writeString(
                    root.resolve(project.path("path").asText()).resolve(".mcp.json"),
                    """
                    {"mcpServers": {"files": {"command": "node", "args": ["%s", "%s"]}}}
                    """
                            .formatted(NpmServers.script("everything"), argument));
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    private void context(Callers callers) {
        JsonNode resources =
                callers.user()
                        .call(ListResourcesRequest.newBuilder().setServerId("everything").build())
                        .ok();
        JsonNode first = resources.path("data").path(0);
        JsonNode read =
                callers.user()
                        .call(
                                ReadResourceRequest.newBuilder()
                                        .setServerId("everything")
                                        .setUri(first.path("uri").asText())
                                        .build())
                        .ok();
        assertEquals(
                first.path("uri").asText(), read.path("contents").path(0).path("uri").asText());
        assertTrue(stream(resources.path("data")).anyMatch(one -> one.has("uri_template")));

        JsonNode prompts =
                callers.user()
                        .call(ListPromptsRequest.newBuilder().setServerId("everything").build())
                        .ok();
        JsonNode withArguments =
                stream(prompts.path("data"))
                        .filter(one -> one.path("name").asText().equals("args-prompt"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(prompts.toString()));
        assertEquals("city", withArguments.path("arguments").path(0).path("name").asText());
        JsonNode prompt =
                callers.user()
                        .call(
                                GetPromptRequest.newBuilder()
                                        .setServerId("everything")
                                        .setPrompt("args-prompt")
                                        .putArguments("city", "Bonn")
                                        .build())
                        .ok();
        assertTrue(prompt.path("messages").toString().contains("Bonn"), prompt::toString);
    }

    private void restarted(Callers callers) {
        RestartServerRequest restart =
                RestartServerRequest.newBuilder().setServerId("everything").build();

        assertEquals("ready", callers.user().call(restart).ok().path("status").asText());

        JsonNode log = callers.admin().call(log("everything")).ok();
        while (log.path("data").isEmpty()) {
            log = callers.admin().call(log("everything")).ok();
        }
        assertEquals("stderr", log.path("data").path(0).path("origin").asText());
        assertFalse(log.path("data").path(0).path("text").asText().isEmpty());
    }

    private void signIn(Callers callers) {
        assertEquals("conflict", callers.user().call(authorize("remote")).failure());
        assertEquals(
                "invalid_request at server_id",
                callers.user().call(authorize("everything")).failure());
        assertEquals(
                "idle",
                callers.user()
                        .call(DeauthorizeServerRequest.newBuilder().setServerId("remote").build())
                        .ok()
                        .path("status")
                        .asText());
    }

    private static AuthorizeServerRequest authorize(String id) {
        return AuthorizeServerRequest.newBuilder().setServerId(id).build();
    }

    private static GetServerRequest get(String id) {
        return GetServerRequest.newBuilder().setServerId(id).build();
    }

    private static DeleteServerRequest delete(String id) {
        return DeleteServerRequest.newBuilder().setServerId(id).build();
    }

    private static TrustServerRequest trust(String id) {
        return TrustServerRequest.newBuilder().setServerId(id).build();
    }

    private static GetServerLogRequest log(String id) {
        return GetServerLogRequest.newBuilder().setServerId(id).build();
    }

    private static ListServerToolsRequest tools(String id) {
        return ListServerToolsRequest.newBuilder().setServerId(id).build();
    }

    private static CallToolRequest call(String tool, String arguments) {
        return CallToolRequest.newBuilder()
                .setServerId("everything")
                .setTool(tool)
                .setArgumentsJson(arguments)
                .build();
    }

    private static List<String> ids(JsonNode list) {
        return stream(list.path("data")).map(one -> one.path("id").asText()).toList();
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
