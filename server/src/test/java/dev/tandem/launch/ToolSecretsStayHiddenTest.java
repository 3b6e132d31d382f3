package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tandem.testing.SignInServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Uses the secrets of servers of tools, which tell all they know whenever they can, and looks for
/// them in every place that tells something.
@Timeout(120)
final class ToolSecretsStayHiddenTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String KEY = "operator-0123456789";
    private static final String ENV = "env-secret-1f0a9c77";
    private static final String ARGUMENT = "argument-secret-5d21e0b3";
    private static final String HEADER = "header-secret-88b1c4de";
    private static final String HOOK_SECRET = "whsec_" + "c2VjcmV0IG9mIGEgdGVzdC4u".repeat(2);
    private static final String HOOK_HEADER = "hook-header-secret-03aa";
    private static final String ADDED = "added-secret-6e77f2c1";

    /// In a call's arguments: whoever asks, knows it, and nobody else.
    private static final String TYPED = "typed-secret-90bb7a15";

    private static final List<String> SECRETS =
            List.of(
                    KEY,
                    ENV,
                    ARGUMENT,
                    HEADER,
                    SignInServer.CLIENT_SECRET,
                    SignInServer.TOKEN,
                    HOOK_SECRET,
                    HOOK_HEADER,
                    ADDED);

    /// Tells its environment and its arguments in every way that there is.
    private static final String TELLER =
            """
            import { createInterface } from "node:readline";
            const told = JSON.stringify(process.env) + " " + process.argv.join(" ");
            console.error(told);
            const say = (id, more) =>
              console.log(JSON.stringify({ jsonrpc: "2.0", id, ...more }));
            for await (const line of createInterface({ input: process.stdin })) {
              const { id, method, params } = JSON.parse(line);
              const error = { code: -32000, message: told, data: { told } };
              const text = [{ type: "text", text: told }];
              const tool = (name) => ({ name, inputSchema: { type: "object" } });
              if (id === undefined) {
                continue;
              } else if (process.argv.includes("broken")) {
                say(id, { error });
              } else if (method === "initialize") {
                say(id, { result: { protocolVersion: "2025-11-25",
                  capabilities: { tools: {} }, serverInfo: { name: "teller", version: "1" } } });
              } else if (method === "tools/list") {
                say(id, { result: { tools: ["tell", "admit", "refuse", "crash"].map(tool) } });
              } else if (method !== "tools/call") {
                say(id, { error: { code: -32601, message: told } });
              } else if (params.name === "crash") {
                console.error(told);
                process.exit(3);
              } else if (params.name === "refuse") {
                say(id, { error });
              } else {
                say(id, { result: { content: text, structuredContent: { told },
                  isError: params.name === "admit" } });
              }
            }
            """;

    @TempDir Path folder;

    private final Map<String, String> sinks = new TreeMap<>();

    @Test
    void noSinkHoldsASecretThatAServerOfToolsHas() throws Exception {
        Path script = Files.createDirectory(folder.resolve("bin")).resolve("teller.mjs");
        Files.writeString(script, TELLER);
        HttpServer hook = hook();
        try (TraceLog log = new TraceLog();
                SignInServer wanted = new SignInServer()) {
            Map<String, String> settings = settings(script, wanted, hook);
            Map<String, String> variables = Map.of("ARGUMENT_TOKEN", ARGUMENT);
            try (RunningServer server = RunningServer.start(folder, settings, variables)) {
                useServers(server, script);
                useModels(server);
                look(server);
            }
            sinks.put("log", log.text());
            Configuration all = RunningServer.configuration(folder, settings, variables);
            sinks.put("settings", ServerSettings.read(all, variables, folder).toString());
        } finally {
            hook.stop(0);
        }
        collectFiles();

        assertTrue(sinks.getOrDefault("log", "").contains("CallTool"));
        sinks.forEach(
                (sink, text) -> {
                    for (String secret : SECRETS) {
                        assertFalse(text.contains(secret), () -> sink + " holds " + secret);
                    }
                });
        for (String sink : List.of("log", "GET /v1/approvals", "GET /v1/mcp/audit")) {
            assertFalse(sinks.getOrDefault(sink, TYPED).contains(TYPED), sink);
        }
    }

    private static Map<String, String> settings(Path script, SignInServer wanted, HttpServer hook) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("auth.keys.0.name", "operator");
        settings.put("auth.keys.0.key", KEY);
        settings.put("auth.keys.0.admin", "true");
        settings.put("scripted.enabled", "true");
        settings.put("scripted.pace", "0ms");
        settings.put("mcp.claude-servers", "false");
        settings.put("mcp.policy.0.tool", "crash");
        settings.put("mcp.policy.0.decision", "ask");
        settings.put("mcp.policy.1.decision", "allow");
        for (String name : List.of("teller", "broken")) {
            String prefix = "mcp.servers." + name + ".";
            settings.put(prefix + "command", "node");
            settings.put(prefix + "args", script + ",--token=${ARGUMENT_TOKEN}," + name);
            settings.put(prefix + "env.API_TOKEN", ENV);
        }
        settings.put("mcp.servers.web.url", wanted.url().toString());
        settings.put("mcp.servers.web.headers.X-Api-Key", HEADER);
        settings.put("mcp.servers.web.oauth.client-id", SignInServer.CLIENT);
        settings.put("mcp.servers.web.oauth.client-secret", SignInServer.CLIENT_SECRET);
        settings.put("mcp.servers.web.oauth.grant", "client-credentials");
        for (int number = 0; number < 2; number++) {
            String prefix = "plugins.webhooks." + number + ".";
            String name = number == 0 ? "echo" : "fail";
            settings.put(prefix + "name", name);
            settings.put(prefix + "description", "Tells what it was sent.");
            String base = "http://127.0.0.1:" + hook.getAddress().getPort() + "/";
            settings.put(prefix + "url", base + name);
            settings.put(prefix + "secret", HOOK_SECRET);
            settings.put(prefix + "headers.0.name", "x-hook-token");
            settings.put(prefix + "headers.0.value", HOOK_HEADER);
        }
        return settings;
    }

    /// Answers what it was sent, also where it fails.
    private static HttpServer hook() throws IOException {
        HttpServer hook =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hook.createContext("/echo", exchange -> echo(exchange, 200));
        hook.createContext("/fail", exchange -> echo(exchange, 500));
        hook.start();
        return hook;
    }

    private static void echo(HttpExchange exchange, int status) throws IOException {
        byte[] body =
                exchange.getRequestHeaders().values().toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void useServers(RunningServer server, Path script) throws IOException {
        String declared =
                JSON.writeValueAsString(
                        Map.of(
                                "name",
                                "added",
                                "command",
                                "node",
                                "args",
                                List.of(script.toString()),
                                "env",
                                Map.of("API_KEY", ADDED)));
        note(server, 200, "POST", "/v1/mcp/servers", declared);
        String remote =
                JSON.writeValueAsString(
                        Map.of(
                                "name",
                                "far",
                                "url",
                                "https://mcp.invalid/mcp?api_key=" + ADDED,
                                "client_id",
                                "c",
                                "client_secret",
                                ADDED));
        note(server, 200, "POST", "/v1/mcp/servers", remote);
        for (String tool : List.of("tell", "admit", "refuse")) {
            call(server, "teller", tool);
            call(server, "added", tool);
        }
        call(server, "web", "secret");
        assertEquals("failed", call(server, "webhooks", "fail").path("status").asText());
        assertEquals("succeeded", call(server, "webhooks", "echo").path("status").asText());
        assertTrue(call(server, "teller", "tell").toString().contains("API_TOKEN"));
        note(server, 502, "GET", "/v1/mcp/servers/broken/tools", "");
    }

    private JsonNode call(RunningServer server, String id, String tool) throws IOException {
        String path = "/v1/mcp/servers/" + id + "/tools/" + tool + ":call";
        return note(server, 200, "POST", path, "{}");
    }

    /// A model calls tools; one of them has to be allowed, and crashes its server.
    private void useModels(RunningServer server) throws Exception {
        String session =
                note(server, 200, "POST", "/v1/sessions", "{\"model\":\"scripted/demo\"}")
                        .path("id")
                        .asText();
        String script =
                "/script\ncall teller__tell {}\nthen\ncall teller__crash {\"password\":\"%s\"}"
                        .formatted(TYPED);
        String question =
                JSON.writeValueAsString(
                        Map.of(
                                "model",
                                "scripted/demo",
                                "session_id",
                                session,
                                "background",
                                true,
                                "messages",
                                List.of(Map.of("role", "user", "content", script))));
        String run =
                JSON.readTree(send(server, "POST", "/v1/chat/completions", question).body())
                        .path("id")
                        .asText();
        JsonNode open = JSON.createArrayNode();
        while (open.isEmpty()) {
            open = note(server, 200, "GET", "/v1/approvals?state=pending", "").path("data");
        }
        String approval = "/v1/approvals/" + open.path(0).path("id").asText();
        note(server, 200, "POST", approval + ":resolve", "{\"decision\":\"allow\"}");
        String state = "waiting";
        while (List.of("queued", "running", "waiting").contains(state)) {
            state = note(server, 200, "GET", "/v1/runs/" + run, "").path("state").asText();
        }
        note(server, 200, "GET", "/v1/sessions/" + session + "/tools", "");
        String debug =
                "{\"model\":\"scripted/demo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        note(server, 200, "POST", "/v1/chat/completions/debug", debug);
    }

    private void look(RunningServer server) throws IOException {
        for (String id : List.of("teller", "broken", "web", "webhooks", "added", "far")) {
            note(server, 200, "GET", "/v1/mcp/servers/" + id, "");
        }
        for (String id : List.of("teller", "broken", "web", "added", "far")) {
            note(server, 200, "GET", "/v1/mcp/servers/" + id + "/log", "");
        }
        assertTrue(sinks.getOrDefault("GET /v1/mcp/servers/broken/log", "").contains("***"));
        for (String path :
                List.of("/v1/mcp/servers", "/v1/mcp/audit", "/v1/approvals", "/v1/tool_rules")) {
            note(server, 200, "GET", path, "");
        }
        for (String path : List.of("/metrics", "/openapi.json")) {
            HttpResponse<String> answer = send(server, "GET", path, "");
            assertEquals(200, answer.statusCode());
            sinks.put(path, answer.headers().map() + answer.body());
        }
        sinks.put(
                "threads",
                Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList() + "");
    }

    private JsonNode note(RunningServer server, int status, String method, String path, String body)
            throws IOException {
        HttpResponse<String> answer = send(server, method, path, body);
        assertEquals(status, answer.statusCode(), () -> path + ": " + answer.body());
        sinks.merge(
                method + " " + path,
                answer.headers().map() + answer.body(),
                (before, now) -> before + now);
        return JSON.readTree(answer.body());
    }

    private static HttpResponse<String> send(
            RunningServer server, String method, String path, String body) {
        return server.send(KEY, method, path, body);
    }

    private void collectFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sinks.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
    }
}
