package dev.tandem.mcp.http;

import dev.tandem.mcp.McpTransport;
import dev.tandem.mcp.McpTransport.Outgoing;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/// Messages as a connection sends them, and threads that send them.
final class Spoken {
    static final Outgoing INITIALIZED =
            new Outgoing(
                    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
                    OptionalLong.empty(),
                    Optional.of("notifications/initialized"),
                    Optional.empty());

    private Spoken() {}

    static Outgoing ask(long id, String method) {
        return new Outgoing(
                "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\"}".formatted(id, method),
                OptionalLong.of(id),
                Optional.of(method),
                Optional.empty());
    }

    static Outgoing call(long id, String tool, String argumentsJson) {
        String json =
                """
                {"jsonrpc":"2.0","id":%d,"method":"tools/call",\
                "params":{"name":"%s","arguments":%s}}"""
                        .formatted(id, tool, argumentsJson);
        return new Outgoing(
                json, OptionalLong.of(id), Optional.of("tools/call"), Optional.of(tool));
    }

    static String answer(long id) {
        return "{\"result\":{},\"jsonrpc\":\"2.0\",\"id\":%d}".formatted(id);
    }

    /// Sends on a thread of its own. Done when the transport has done with the message.
    static CompletableFuture<Void> sent(McpTransport transport, Outgoing message) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                transport.send(message);
                                done.complete(null);
                            } catch (IOException | RuntimeException failed) {
                                done.completeExceptionally(failed);
                            }
                        });
        return done;
    }
}
