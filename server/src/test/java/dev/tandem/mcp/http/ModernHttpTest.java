package dev.tandem.mcp.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.McpTransport;
import dev.tandem.mcp.McpTransport.Outgoing;
import dev.tandem.mcp.http.ScriptedServer.Asked;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Streamable HTTP of 2026-07-28, which has no sessions.
@Timeout(30)
final class ModernHttpTest {
    private static final HttpTransports TRANSPORTS = new HttpTransports(HttpLimits.DEFAULTS);

    private final FakeReceiver receiver = new FakeReceiver();

    @AfterAll
    static void close() {
        TRANSPORTS.close();
    }

    @Test
    void saysInHeadersWhatAMessageIsAbout() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(
                        asked -> asked.set("Mcp-Session-Id", "s").json(200, Spoken.answer(1)))) {
            McpTransport transport = open(server);

            transport.send(Spoken.ask(1, "tools/list"));
            transport.send(Spoken.call(2, "wetter", "{}"));
            transport.send(Spoken.call(3, "Größe", "{}"));

            Asked list = server.next("POST");
            Asked plain = server.next("POST");
            Asked coded = server.next("POST");
            assertEquals("2026-07-28", list.header("MCP-Protocol-Version").orElseThrow());
            assertEquals("tools/list", list.header("Mcp-Method").orElseThrow());
            assertEquals(Optional.empty(), list.header("Mcp-Name"));
            assertEquals("tools/call", plain.header("Mcp-Method").orElseThrow());
            assertEquals("wetter", plain.header("Mcp-Name").orElseThrow());
            assertEquals("=?base64?R3LDtsOfZQ==?=", coded.header("Mcp-Name").orElseThrow());
            assertEquals(Optional.empty(), coded.header("Mcp-Session-Id"));
        }
    }

    @Test
    void cancelsByHangingUp() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch noticed = new CountDownLatch(1);
        try (ScriptedServer server =
                new ScriptedServer(
                        asked -> {
                            asked.stream();
                            begun.countDown();
                            try {
                                while (true) {
                                    asked.say(":\n\n");
                                    Thread.sleep(5);
                                }
                            } catch (IOException gone) {
                                noticed.countDown();
                                throw gone;
                            }
                        })) {
            McpTransport transport = open(server);
            CompletableFuture<Void> call = Spoken.sent(transport, Spoken.call(1, "slow", "{}"));
            begun.await();

            transport.send(
                    new Outgoing(
                            "{\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}",
                            OptionalLong.empty(),
                            Optional.of("notifications/cancelled"),
                            Optional.empty()));

            assertThrows(ExecutionException.class, call::get);
            noticed.await();
            assertEquals(1, server.requests.size());
        }
    }

    @Test
    void doesNotTakeUpAStreamThatBroke() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(asked -> asked.stream().say("id: 1\ndata: {}\n\n").breakOff())) {
            McpTransport transport = open(server);

            Failure failure =
                    assertThrows(Failure.class, () -> transport.send(Spoken.call(1, "slow", "{}")));

            assertEquals(FailureCode.UPSTREAM_ERROR, failure.code());
            assertEquals(1, server.requests.size());
        }
    }

    @Test
    void opensNoStreamBesideAndSaysNoGoodbye() throws Exception {
        try (ScriptedServer server = new ScriptedServer(asked -> asked.status(202))) {
            McpTransport transport = open(server);

            transport.send(Spoken.INITIALIZED);
            transport.close();

            assertEquals("POST", server.requests.take().method());
            assertEquals(0, server.requests.size());
        }
    }

    @Test
    void mirrorsTheArgumentsThatAToolWantsToSeeInHeaders() throws Exception {
        String tools =
                """
                {"id":1,"result":{"tools":[
                  {"name":"sql","inputSchema":{"properties":{
                     "region":{"type":"string","x-mcp-header":"Region"},
                     "deep":{"properties":{"n":{"type":"integer","x-mcp-header":"N"}}},
                     "dry":{"type":"boolean","x-mcp-header":"Dry"},
                     "query":{"type":"string"}}}},
                  {"name":"bad","inputSchema":{"properties":{
                     "a":{"type":"object","x-mcp-header":"A"}}}},
                  {"name":"plain","inputSchema":{}}]}}""";
        try (ScriptedServer server = new ScriptedServer(asked -> asked.json(200, tools))) {
            McpTransport transport = open(server);
            transport.send(Spoken.ask(1, "tools/list"));
            String list = receiver.heard.take().message();

            transport.send(
                    Spoken.call(
                            2,
                            "sql",
                            "{\"region\":\" ost\",\"deep\":{\"n\":42},\"dry\":null,\"query\":\"q\"}"));

            Asked _ = server.next("POST");
            Asked call = server.next("POST");
            assertEquals(false, list.contains("\"bad\""));
            assertEquals(true, list.contains("\"plain\""));
            assertEquals("=?base64?IG9zdA==?=", call.header("Mcp-Param-Region").orElseThrow());
            assertEquals("42", call.header("Mcp-Param-N").orElseThrow());
            assertEquals(Optional.empty(), call.header("Mcp-Param-Dry"));
            assertEquals(Optional.empty(), call.header("Mcp-Param-Query"));
        }
    }

    private McpTransport open(ScriptedServer server) throws IOException {
        McpTransport transport =
                TRANSPORTS.either(new HttpEndpoint(server.url()), Authorizer.NONE, AddressRule.ANY);
        transport.open(receiver);
        transport.agreed("2026-07-28");
        return transport;
    }
}
