package dev.tandem.toolbox;

import dev.tandem.mcp.McpTransport;
import java.util.concurrent.atomic.AtomicReference;

/// An MCP server in this process that answers every question at once, on the asker's thread.
final class AnsweringTransport implements McpTransport {
    private static final String GREETING =
            """
            {"protocolVersion":"2025-06-18","capabilities":{"tools":{}},\
            "serverInfo":{"name":"bench","version":"1"}}""";
    private static final String ANSWER =
            "{\"content\":[{\"type\":\"text\",\"text\":\"Echo: hi\"}]}";

    private final AtomicReference<Receiver> receiver = new AtomicReference<>();

    @Override
    public void open(Receiver theirs) {
        receiver.set(theirs);
    }

    @Override
    public void send(Outgoing message) {
        if (message.id().isPresent()) {
            String result = message.method().orElse("").equals("initialize") ? GREETING : ANSWER;
            receiver.get()
                    .received(
                            "{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":%s}"
                                    .formatted(message.id().getAsLong(), result));
        }
    }

    @Override
    public void close() {}
}
