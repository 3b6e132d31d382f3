package dev.tandem.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.conversation.Content;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolWatcher;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What a connection makes of what its server answers.
final class McpMessagesTest {
    @Test
    void readsEveryPageOfAList() throws Exception {
        FakeServer server =
                FakeServer.greeted("2025-11-25")
                        .on(
                                "tools/list",
                                (params, _) ->
                                        params.path("cursor").asText().equals("two")
                                                ? "{\"tools\":[{\"name\":\"b\"}]}"
                                                : """
                                                  {"tools":[{"name":"a","title":"A",
                                                    "description":"does a",
                                                    "inputSchema":{"type":"object","x":1.10},
                                                    "outputSchema":{"type":"object"},
                                                    "annotations":{"readOnlyHint":true,
                                                       "idempotentHint":false}}],
                                                   "nextCursor":"two"}
                                                  """);

        try (McpConnection connection = server.connect()) {
            List<ToolDefinition> tools = connection.tools();

            assertEquals(List.of("a", "b"), tools.stream().map(ToolDefinition::name).toList());
            ToolDefinition first = tools.getFirst();
            assertEquals(Optional.of("A"), first.title());
            assertEquals(Optional.of("does a"), first.description());
            assertEquals("{\"type\":\"object\",\"x\":1.10}", first.inputSchemaJson());
            assertEquals(Optional.of("{\"type\":\"object\"}"), first.outputSchemaJson());
            assertEquals(Optional.of(true), first.hints().readOnly());
            assertEquals(Optional.of(false), first.hints().idempotent());
            assertEquals(Optional.empty(), first.hints().destructive());
            assertTrue(first.json().contains("\"annotations\""), first::json);
        }
    }

    @Test
    void leavesOutWhatIsDescribedBadly() throws Exception {
        FakeServer server =
                FakeServer.greeted("2025-11-25")
                        .on(
                                "tools/list",
                                """
                                {"tools":[{"description":"no name"},{"name":""},{"name":7},7,null,
                                  {"name":"%s"},{"name":"list","inputSchema":[]},
                                  {"name":"bare"},{"name":"null","inputSchema":null},
                                  {"name":"good","inputSchema":{"type":"object"}},
                                  {"name":"good","title":"again"}]}
                                """
                                        .formatted("x".repeat(257)))
                        .on(
                                "resources/list",
                                "{\"resources\":[{\"name\":\"x\"},{\"uri\":\"a:b\"}]}")
                        .on("prompts/list", "{\"prompts\":[{\"name\":\"p\",\"arguments\":[]}]}");

        try (McpConnection connection = server.connect()) {
            assertEquals(
                    List.of("bare", "null", "good"),
                    connection.tools().stream().map(ToolDefinition::name).toList());
            assertEquals("{\"type\":\"object\"}", connection.tools().getFirst().inputSchemaJson());
            assertEquals(
                    List.of(new ContextItem(ContextItem.Kind.RESOURCE, "a:b", "{\"uri\":\"a:b\"}")),
                    connection.context(ContextItem.Kind.RESOURCE));
            assertEquals(List.of(), connection.context(ContextItem.Kind.RESOURCE_TEMPLATE));
            assertEquals("p", connection.context(ContextItem.Kind.PROMPT).getFirst().name());
        }
    }

    @Test
    void saysWhatIsNoList() throws Exception {
        FakeServer server = FakeServer.greeted("2025-11-25");
        try (McpConnection connection = server.connect()) {
            server.on("tools/list", "{\"tools\":{}}");
            assertTrue(failure(connection::tools).contains("tools that is no list"));
            server.on("tools/list", "[]");
            assertTrue(failure(connection::tools).contains("a result that is no object"));
            server.on("tools/list", "{\"tools\":[],\"nextCursor\":\"for ever\"}");
            assertTrue(failure(connection::tools).contains("more than 100 pages"));
            server.on("tools/list", "{\"tools\":[%s1]}".formatted("1,".repeat(10_000)));
            assertTrue(failure(connection::tools).contains("more than 10000 items"));
        }
    }

    @Test
    void saysWhatIsNoAnswer() throws Exception {
        FakeServer server = FakeServer.greeted("2025-11-25");
        try (McpConnection connection = server.connect()) {
            for (String result : List.of("null", "7", "\"text\"", "[]")) {
                server.on("tools/call", result);
                assertTrue(failure(() -> call(connection)).contains("no object"), result);
            }
            server.on("tools/call", "{\"content\":\"hi\"}");
            assertTrue(failure(() -> call(connection)).contains("content that is no list"));
            server.on(
                    "tools/call",
                    (_, id) -> {
                        server.say("{\"jsonrpc\":\"2.0\",\"id\":%d}".formatted(id));
                        throw new FakeServer.Silence();
                    });
            assertTrue(failure(() -> call(connection)).contains("no object"));
        }
    }

    @Test
    void keepsTheCodeOfARefusal() throws Exception {
        FakeServer server = FakeServer.greeted("2025-11-25");
        try (McpConnection connection = server.connect()) {
            server.on("tools/call", refusing("{\"code\":-32602,\"message\":\"no\",\"data\":[1]}"));
            Failure plain = assertThrows(Failure.class, () -> call(connection));
            server.on("tools/call", refusing("\"just text\""));
            Failure text = assertThrows(Failure.class, () -> call(connection));
            server.on("tools/call", refusing("{\"code\":\"x\"}"));
            Failure odd = assertThrows(Failure.class, () -> call(connection));

            McpRefusal refusal = McpRefusal.of(plain.retryable(false)).orElseThrow();
            assertEquals(FailureCode.UPSTREAM_ERROR, plain.code());
            assertEquals("The MCP server refuses (-32602): no", plain.text());
            assertEquals(-32602, refusal.code());
            assertEquals(Optional.of("[1]"), refusal.dataJson());
            assertEquals("The MCP server refuses (0): just text", text.text());
            assertEquals("The MCP server refuses (0): no reason given", odd.text());
        }
    }

    private static FakeServer.Reply refusing(String errorJson) {
        return (_, _) -> {
            throw new FakeServer.Refusal(errorJson);
        };
    }

    @Test
    void handsOnEveryKindOfContent() throws Exception {
        FakeServer server =
                FakeServer.greeted("2025-11-25")
                        .on(
                                "tools/call",
                                """
                                {"content":[{"type":"text","text":"a"},
                                  {"type":"image","mimeType":"image/png","data":"AA"},
                                  {"type":"audio","mimeType":"audio/wav","data":"BB"},
                                  {"type":"audio","mimeType":"audio/ogg","data":"CCC"},
                                  {"type":"resource","resource":{"uri":"a:b","text":"t"}},
                                  {"type":"resource","resource":{"uri":"a:c","blob":"DD",
                                    "mimeType":"application/pdf"}},
                                  {"type":"resource_link","uri":"a:d"},7],
                                 "structuredContent":[1.50],"isError":true}
                                """);

        try (McpConnection connection = server.connect()) {
            ToolOutput output = call(connection);

            Content.Source pdf = new Content.Source.Inline("application/pdf", "DD");
            Content.Source png = new Content.Source.Inline("image/png", "AA");
            assertEquals(
                    List.of(
                            new Content.Text("a"),
                            new Content.Image(png, Optional.empty()),
                            new Content.Audio("BB", "wav"),
                            new Content.Text("(audio/ogg, 3 characters of base64)"),
                            new Content.Text("t"),
                            new Content.Document(pdf, Optional.empty()),
                            new Content.Text("{\"type\":\"resource_link\",\"uri\":\"a:d\"}"),
                            new Content.Text("7")),
                    output.content());
            assertEquals(Optional.of("[1.50]"), output.structuredJson());
            assertTrue(output.failed());
            assertTrue(output.json().orElseThrow().contains("\"CCC\""));
        }
    }

    @Test
    void readsInJsonBothWays() throws Exception {
        FakeServer server =
                FakeServer.greeted("2025-11-25")
                        .on("resources/read", (params, _) -> "{\"read\":%s}".formatted(params));
        try (McpConnection connection = server.connect()) {
            String answer =
                    connection.read("resources/read", "{\"uri\":\"a:b\"}", ToolWatcher.NONE);

            assertTrue(answer.startsWith("{\"read\":{\"uri\":\"a:b\""), answer);
            assertEquals(FailureCode.INVALID_REQUEST, invalid(connection, "tools/list", "{}"));
            assertEquals(FailureCode.INVALID_REQUEST, invalid(connection, "prompts/get", "[]"));
            assertEquals(
                    FailureCode.INVALID_REQUEST,
                    invalid(connection, "prompts/get", "{\"_meta\":7}"));
        }
        assertEquals(Optional.of("a:b"), target(server, "resources/read"));
    }

    private static Optional<String> target(FakeServer server, String method) {
        return server.sent.stream()
                .filter(message -> message.method().equals(Optional.of(method)))
                .findFirst()
                .orElseThrow()
                .target();
    }

    private static FailureCode invalid(McpConnection connection, String method, String params) {
        return assertThrows(Failure.class, () -> connection.read(method, params, ToolWatcher.NONE))
                .code();
    }

    private static ToolOutput call(McpConnection connection) throws InterruptedException {
        return connection.call("t", "{}", ToolWatcher.NONE);
    }

    private static String failure(Executable call) {
        Failure failure = assertThrows(Failure.class, call);
        assertEquals(FailureCode.UPSTREAM_ERROR, failure.code());
        return failure.text();
    }
}
