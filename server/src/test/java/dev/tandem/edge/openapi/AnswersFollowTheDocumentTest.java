package dev.tandem.edge.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.audit.AuditCall;
import dev.tandem.audit.AuditOutcome;
import dev.tandem.audit.Ruling;
import dev.tandem.audit.Status;
import dev.tandem.launch.RunningServer;
import dev.tandem.storage.ToolSamples;
import dev.tandem.storage.jdbc.Database;
import dev.tandem.storage.jdbc.JdbcApprovalStore;
import dev.tandem.storage.jdbc.JdbcAuditStore;
import dev.tandem.storage.jdbc.StorageSettings;
import dev.tandem.tool.ToolScope;
import dev.tandem.mcp.NpmServers;
import dev.tandem.testing.SignInServer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Real answers of the whole server against the document, for every operation that it has.
@TestMethodOrder(OrderAnnotation.class)
final class AnswersFollowTheDocumentTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String CALLBACK = "/v1/mcp/oauth/callback";
    private static final String CLIENT_DOCUMENT = "/v1/mcp/oauth/client.json";
    private static final String ADMIN_KEY = "an-admin-of-mcp-servers";
    private static final String TOOLS =
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"look\","
                    + "\"parameters\":{\"type\":\"object\"}}}],";

    @TempDir static Path folder;

    private static RunningServer server;
    private static DocumentedAnswers document;

    @BeforeAll
    static void start() {
        try (Database database = Database.open(StorageSettings.DEFAULTS.in(folder))) {
            past(new JdbcApprovalStore(database), new JdbcAuditStore(database));
        }
        server =
                RunningServer.start(
                        folder,
                        Map.of(
                                "scripted.enabled", "true",
                                "anthropic.api-key", "sk-ant-test-key"));
        document =
                new DocumentedAnswers(DocumentedAnswers.parsed(server.get("/openapi.json").body()));
    }

    /// A call that waits for somebody, as a server left it, and one that has ended.
    private static void past(JdbcApprovalStore approvals, JdbcAuditStore audit) {
        Instant now = Instant.now();
        ToolScope scope = ToolSamples.scope("default", Optional.of("sess_1"), Optional.of("run_1"));
        approvals.open(
                ToolSamples.approval("appr_document", scope, ToolSamples.CALL, now),
                ToolSamples.MARK,
                9);
        AuditCall call = ToolSamples.auditCall(scope, "call_1");
        long seq = audit.decided(call, new Ruling(true, "hints"), now);
        audit.ended(
                seq,
                call,
                new AuditOutcome(Status.FAILED, Duration.ofMillis(5), Optional.of("No.")),
                now);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void projects() {
        String id = id(post("/v1/projects", "/v1/projects", "{\"name\":\"a\"}"));
        String at = "/v1/projects/" + id;

        get("/v1/projects", "/v1/projects?page_size=1");
        get("/v1/projects/{project_id}", at);
        post("/v1/projects/{project_id}/tools", at + "/tools", "{\"priority\":[\"files\"]}");
        get("/v1/projects/{project_id}/tools", at + "/tools");
        document.check(
                "PATCH",
                "/v1/projects/{project_id}",
                200,
                server.patch(at, "{\"description\":\"b\"}"));
        document.check("DELETE", "/v1/projects/{project_id}", 200, server.delete(at));
        document.check("GET", "/v1/projects/{project_id}", 404, server.get(at));
        document.check("POST", "/v1/projects", 400, server.post("/v1/projects", "{}"));
    }

    @Test
    void sessionsAndTheirRuns() {
        String id =
                id(
                        post(
                                "/v1/sessions",
                                "/v1/sessions",
                                "{\"model\":\"scripted/echo\",\"title\":\"t\"}"));
        String at = "/v1/sessions/" + id;
        String script = "think hm\\nsay hello\\nprovider-tool search {} => found";
        JsonNode answer =
                DocumentedAnswers.parsed(
                        document.check("POST", CHAT, 200, server.post(CHAT, chat(id, script))));
        String run = answer.path("run_id").asText();

        get("/v1/sessions", "/v1/sessions");
        get("/v1/sessions/stats", "/v1/sessions/stats");
        get("/v1/sessions/{session_id}", at);
        get("/v1/sessions/{session_id}/stats", at + "/stats");
        post("/v1/sessions/{session_id}/tools", at + "/tools", "{\"enabled_tools\":[\"echo\"]}");
        get("/v1/sessions/{session_id}/tools", at + "/tools?page_size=1");
        get("/v1/sessions/{session_id}/messages", at + "/messages?order=desc");
        get("/v1/runs", "/v1/runs?state=completed&page_size=1&session_id=" + id);
        get("/v1/runs/{run_id}", "/v1/runs/" + run);
        get("/v1/chat/completions/{id}/status", CHAT + "/" + id + "/status");
        document.check(
                "DELETE",
                "/v1/chat/completions/{run_id}",
                200,
                server.delete(CHAT + "/" + answer.path("id").asText()));
        post("/v1/runs/{run_id}:cancel", "/v1/runs/" + run + ":cancel", "");
        post("/v1/sessions/{run_id}/stop", at + "/stop", "");
        document.check(
                "PATCH",
                "/v1/sessions/{session_id}",
                200,
                server.patch(at, "{\"title\":null,\"system_prompt\":\"p\"}"));
        get("/v1/runs/{run_id}/events", "/v1/runs/" + run + "/events");
        get("/v1/runs/{run_id}/events", "/v1/runs/" + run + "/events?format=events");
        document.check(
                "GET",
                "/v1/runs/{run_id}/events",
                400,
                server.get("/v1/runs/" + run + "/events?format=none"));
        post("/v1/sessions/{session_id}:fork", at + ":fork", "{\"title\":\"f\"}");
        post("/v1/sessions/{session_id}:clear", at + ":clear", "{}");
        CompletableFuture<HttpResponse<String>> watching = watch(at + "/events");
        document.check("POST", CHAT, 200, server.post(CHAT, chat(id, script)));
        document.check("DELETE", "/v1/sessions/{session_id}", 200, server.delete(at));
        document.check("GET", "/v1/sessions/{session_id}/events", 200, watching.join());
        document.check("GET", "/v1/runs/{run_id}", 404, server.get("/v1/runs/none"));
        document.check(
                "GET", "/v1/sessions", 400, server.get("/v1/sessions?page_size=0&colour=red"));
    }

    @Test
    void usage() {
        server.post(CHAT, chat("false", "", "say hello"));

        for (String group : Set.of("day", "model", "provider", "project", "session", "key")) {
            get("/v1/usage", "/v1/usage?limit=2&group_by=" + group);
        }
        get("/v1/usage", "/v1/usage?from=2026-01-01T00:00:00%2B01:00&to=2027-01-01T00:00:00Z");
        get("/v1/usage/timeseries", "/v1/usage/timeseries?interval=hour&model=scripted/echo");
        document.check("GET", "/v1/usage", 400, server.get("/v1/usage?from=yesterday"));
        document.check(
                "GET",
                "/v1/usage/timeseries",
                400,
                server.get("/v1/usage/timeseries?from=2000-01-01T00:00:00Z"));
    }

    @Test
    void approvalsAndTheAuditLog() {
        String at = "/v1/approvals/appr_document";
        String resolve = "/v1/approvals/{approval_id}:resolve";

        get("/v1/approvals", "/v1/approvals?state=pending&session_id=sess_1&page_size=1");
        get("/v1/approvals/{approval_id}", at);
        post(resolve, at + ":resolve", "{\"decision\":\"allow\",\"remember\":\"session\"}");
        post(
                "/v1/runs/{run_id}/tool_calls/{tool_call_id}:resolve",
                "/v1/runs/run_1/tool_calls/call_1:resolve",
                "{\"decision\":\"allow\"}");
        document.check(
                "POST", resolve, 409, server.post(at + ":resolve", "{\"decision\":\"deny\"}"));
        document.check("POST", resolve, 400, server.post(at + ":resolve", "{\"decision\":\"so\"}"));
        document.check("GET", "/v1/approvals/{approval_id}", 404, server.get("/v1/approvals/x"));
        get("/v1/approvals", "/v1/approvals?state=allowed");
        JsonNode rules = DocumentedAnswers.parsed(get("/v1/tool_rules", "/v1/tool_rules"));
        String rule = "/v1/tool_rules/" + rules.at("/data/0/id").asText();
        document.check("DELETE", "/v1/tool_rules/{rule_id}", 200, server.delete(rule));
        document.check("DELETE", "/v1/tool_rules/{rule_id}", 404, server.delete(rule));
        get("/v1/mcp/audit", "/v1/mcp/audit?outcome=failed&from=2026-01-01T00:00:00Z");
        document.check("GET", "/v1/mcp/audit", 400, server.get("/v1/mcp/audit?outcome=wonderful"));
    }

    @Test
    void completionsOfEveryKind() {
        for (String path : Set.of(CHAT, "/chat/completions")) {
            for (String stream : Set.of("false", "true")) {
                for (String script :
                        Set.of(
                                "say hello",
                                "think hm\\nsay hello",
                                "call look {}",
                                "refuse no",
                                "provider-tool search {\\\"q\\\":1} => found\\nsay it",
                                "say half\\nfinish length")) {
                    document.check("POST", path, 200, server.post(path, chat(stream, "", script)));
                }
            }
            document.check("POST", path, 400, server.post(path, "{\"messages\":[]}"));
        }
    }

    @Test
    void failuresOfCompletions() {
        String fails = chat("false", "", "fail rate_limited retry-after 2s before-headers");
        document.check("POST", CHAT, 429, server.post(CHAT, fails));
        document.check(
                "POST", CHAT, 200, server.post(CHAT, chat("true", "", "say a\\nfail overloaded")));
        document.check(
                "POST",
                CHAT,
                404,
                server.post(
                        CHAT,
                        "{\"model\":\"none\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}"));
        document.check(
                "POST",
                CHAT,
                415,
                server.send(
                        HttpRequest.newBuilder(server.uri(CHAT))
                                .header("content-type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofString("hi"))));
    }

    @Test
    void debug() {
        for (String path : Set.of(CHAT + "/debug", "/chat/completions/debug")) {
            document.check("POST", path, 200, server.post(path, chat("false", "", "say a")));
        }
    }

    @Test
    void models() {
        for (String path : Set.of("/v1/models", "/models")) {
            JsonNode list = DocumentedAnswers.parsed(get(path, path));
            String id = list.at("/data/0/id").asText();
            get(path + "/{model_id}", path + "/" + id);
            document.check("GET", path + "/{model_id}", 404, server.get(path + "/none"));
        }
        get("/v1/models/capabilities", "/v1/models/capabilities");
    }

    @Test
    void mcpServers(@TempDir Path other) throws Exception {
        NpmServers.install();
        SignInServer wanted = new SignInServer();
        Map<String, String> settings =
                Map.of(
                        "mcp.policy.0.decision", "allow",
                        "mcp.servers.private.url", wanted.url().toString(),
                        "mcp.oauth.redirect-base", "http://127.0.0.1:1",
                        "mcp.servers.everything.command", "node",
                        "mcp.servers.everything.args", NpmServers.script("everything") + ",stdio",
                        "auth.keys.0.name", "admin",
                        "auth.keys.0.admin", "true",
                        "auth.keys.0.key", ADMIN_KEY);
        try (wanted;
                RunningServer keyed = RunningServer.start(other, settings)) {
            McpAnswers mcp = new McpAnswers(keyed);
            String everything = "/v1/mcp/servers/everything";
            String added = "{\"name\":\"a\",\"url\":\"https://mcp.invalid\"}";
            mcp.check("POST", "", 200, "/v1/mcp/servers", added);
            mcp.check("POST", "", 409, "/v1/mcp/servers", added);
            mcp.check("POST", "", 400, "/v1/mcp/servers", "{\"name\":\"b\"}");
            mcp.check("GET", "", 200, "/v1/mcp/servers?scope=user", "");
            mcp.check("GET", "/{server_id}", 404, "/v1/mcp/servers/none", "");
            String own = "/v1/mcp/servers/private";
            mcp.check("GET", "/{server_id}/tools", 409, own + "/tools", "");
            String begun =
                    mcp.check("POST", "/{server_id}:authorize", 200, own + ":authorize", "{}");
            URI page =
                    URI.create(DocumentedAnswers.parsed(begun).path("authorization_url").asText());
            String back = CALLBACK + "?" + SignInServer.codeFor(page);
            document.check("GET", CALLBACK, 200, keyed.get(back));
            document.check("GET", CALLBACK, 400, keyed.get(back));
            document.check("GET", CALLBACK, 400, keyed.get(CALLBACK + "?state=x&error=no&more=z"));
            mcp.check("GET", "/{server_id}/tools", 200, own + "/tools", "");
            mcp.check("POST", "/{server_id}:deauthorize", 200, own + ":deauthorize", "{}");
            mcp.check("GET", "/{server_id}/tools", 409, own + "/tools", "");
            mcp.check("DELETE", "/{server_id}", 200, "/v1/mcp/servers/a", "");
            mcp.check("POST", "/{server_id}:trust", 409, everything + ":trust", "{}");
            JsonNode project =
                    DocumentedAnswers.parsed(
                            keyed.send(mcp.post("/v1/projects", "{\"name\":\"p\"}")).body());
            Files.writeString(
                    other.resolve("workspaces")
                            .resolve(project.path("path").asText())
                            .resolve(".mcp.json"),
                    "{\"mcpServers\":{\"own\":{\"command\":\"x\"}}}");
            String ofProject = "/v1/mcp/servers/own@" + id(project.toString());
            mcp.check("POST", "/{server_id}:trust", 200, ofProject + ":trust", "{}");
            mcp.check("POST", "/{server_id}:restart", 200, everything + ":restart", "{}");
            mcp.check("GET", "/{server_id}", 200, everything, "");
            mcp.check("GET", "/{server_id}/log", 200, everything + "/log", "");
            mcp.check("GET", "/{server_id}/tools", 200, everything + "/tools", "");
            mcp.check(
                    "POST",
                    "/{server_id}/tools/{tool}:call",
                    200,
                    everything + "/tools/echo:call",
                    "{\"arguments\":{\"message\":\"hi\"}}");
            mcp.check("GET", "/{server_id}/resources", 200, everything + "/resources", "");
            String uri =
                    DocumentedAnswers.parsed(keyed.send(mcp.get(everything + "/resources")).body())
                            .at("/data/0/uri")
                            .asText();
            mcp.check(
                    "POST",
                    "/{server_id}/resources:read",
                    200,
                    everything + "/resources:read",
                    "{\"uri\":\"" + uri + "\"}");
            mcp.check("GET", "/{server_id}/prompts", 200, everything + "/prompts", "");
            mcp.check(
                    "POST",
                    "/{server_id}/prompts/{prompt}:get",
                    200,
                    everything + "/prompts/args-prompt:get",
                    "{\"arguments\":{\"city\":\"Bonn\"}}");
        }
    }

    /// Answers of a server that has an admin.
    private record McpAnswers(RunningServer keyed) {
        HttpRequest.Builder get(String path) {
            return HttpRequest.newBuilder(keyed.uri(path)).header("x-api-key", ADMIN_KEY);
        }

        HttpRequest.Builder post(String path, String body) {
            return get(path)
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body));
        }

        String check(String method, String template, int status, String path, String body) {
            HttpRequest.Builder request =
                    body.isEmpty()
                            ? get(path).method(method, HttpRequest.BodyPublishers.noBody())
                            : post(path, body);
            return document.check(
                    method, "/v1/mcp/servers" + template, status, keyed.send(request));
        }
    }

    @Test
    void theWebSocketAsksForAnUpgrade() {
        document.check("GET", "/v1/ws", 426, server.get("/v1/ws"));
    }

    @Test
    void mcp() {
        String hello =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
                        + "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";
        HttpResponse<String> greeted = server.post("/mcp", hello);
        document.check("POST", "/mcp", 200, greeted);
        String session = greeted.headers().firstValue("mcp-session-id").orElseThrow();
        HttpRequest.Builder ping = inSession(session, "Accept", "text/event-stream");
        String body = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}";
        String events = server.send(ping.POST(HttpRequest.BodyPublishers.ofString(body))).body();
        String first = events.lines().findFirst().orElseThrow().substring("id: ".length());

        document.check("GET", "/mcp", 200, server.send(inSession(session, "Last-Event-ID", first)));
        document.check("POST", "/mcp", 400, server.post("/mcp", "[]"));
        document.check("GET", "/mcp", 400, server.get("/mcp"));
        document.check("DELETE", "/mcp", 400, server.delete("/mcp"));
        document.check(
                "DELETE", "/mcp", 204, server.send(inSession(session, "Accept", "*/*").DELETE()));
    }

    private static HttpRequest.Builder inSession(String session, String header, String value) {
        return HttpRequest.newBuilder(server.uri("/mcp"))
                .header("Mcp-Session-Id", session)
                .header("Content-Type", "application/json")
                .setHeader("Accept", "text/event-stream")
                .setHeader(header, value);
    }

    @Test
    void operations() {
        get("/health", "/health");
        get("/health/live", "/health/live");
        get("/health/ready", "/health/ready");
        get("/metrics", "/metrics");
        get("/openapi.json", "/openapi.json");
        get("/descriptors.binpb", "/descriptors.binpb");
        get("/docs", "/docs");
        get("/docs/{file}", "/docs/docs.css");
        get("/docs/{file}", "/docs/swagger-ui-bundle.js");
        document.check("GET", "/docs/{file}", 404, server.get("/docs/other.js"));
        document.check("GET", CLIENT_DOCUMENT, 404, server.get(CLIENT_DOCUMENT));
    }

    @Test
    void clientDocument(@TempDir Path other) {
        Map<String, String> settings =
                Map.of(
                        "mcp.oauth.redirect-base",
                        "https://tandem.example",
                        "mcp.oauth.client-metadata-url",
                        "https://tandem.example" + CLIENT_DOCUMENT);
        try (RunningServer known = RunningServer.start(other, settings)) {
            document.check("GET", CLIENT_DOCUMENT, 200, known.get(CLIENT_DOCUMENT));
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void nothingWasLeftOut() {
        Set<String> served = new TreeSet<>();
        server.paths().forEach(path -> served.add(path.method() + " " + path.plain()));

        assertEquals(served, document.seen());
    }

    /// Asks for a stream of events, which is whole when its session is gone.
    private static CompletableFuture<HttpResponse<String>> watch(String path) {
        CompletableFuture<HttpResponse<String>> answer =
                CompletableFuture.supplyAsync(() -> server.get(path));
        while (server.watches() == 0) {
            Thread.onSpinWait();
        }
        return answer;
    }

    private static String get(String template, String path) {
        return document.check("GET", template, 200, server.get(path));
    }

    private static String post(String template, String path, String body) {
        HttpResponse<String> answer =
                body.isEmpty()
                        ? server.send(
                                HttpRequest.newBuilder(server.uri(path))
                                        .POST(HttpRequest.BodyPublishers.noBody()))
                        : server.post(path, body);
        return document.check("POST", template, 200, answer);
    }

    private static String id(String json) {
        return DocumentedAnswers.parsed(json).path("id").asText();
    }

    private static String chat(String session, String script) {
        return """
        {"session_id":"%s","messages":[{"role":"user","content":"/script\\n%s"}]}
        """
                .formatted(session, script);
    }

    private static String chat(String stream, String more, String script) {
        return """
        {"model":"scripted/echo","stream":%s,"stream_options":{"include_usage":true},%s%s
         "messages":[{"role":"user","content":"/script\\n%s"}]}
        """
                .formatted(stream, TOOLS, more, script);
    }
}
