package dev.tandem.mcp.http;

import dev.tandem.failure.Failure;
import dev.tandem.mcp.McpTransport;
import dev.tandem.mcp.http.Replies.Refusal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Speaks streamable HTTP, and the old HTTP+SSE with a server that declines its greeting as one
/// does that has never heard of anything newer.
final class EitherTransport implements McpTransport {
    private static final Logger LOG = LoggerFactory.getLogger(EitherTransport.class);

    private final HttpTransport streamable;
    private final SseTransport sse;
    private volatile McpTransport spoken;
    private volatile boolean closed;
    private volatile @Nullable Receiver receiver;

    EitherTransport(HttpCalls calls, HttpLimits limits) {
        this.streamable = new HttpTransport(calls, limits, this::takesOver);
        this.sse = new SseTransport(calls, limits);
        this.spoken = streamable;
    }

    @Override
    public void open(Receiver receiver) {
        this.receiver = receiver;
        streamable.open(receiver);
    }

    private boolean takesOver(Outgoing greeting, Refusal refusal) throws InterruptedException {
        Receiver hearer = receiver;
        if (hearer == null || !refusal.isOfAnOlderServer()) {
            return false;
        }
        try {
            sse.connect(hearer);
            spoken = sse;
            if (closed) {
                sse.close();
            }
            sse.send(greeting);
            return true;
        } catch (IOException | Failure neither) {
            LOG.debug("an MCP server speaks HTTP+SSE no more than streamable HTTP", neither);
            return false;
        }
    }

    @Override
    public void send(Outgoing message) throws IOException {
        spoken.send(message);
    }

    @Override
    public void agreed(String protocol) {
        spoken.agreed(protocol);
    }

    @Override
    public void forget(long id) {
        // the greeting may be on its way by either
        streamable.forget(id);
        sse.forget(id);
    }

    @Override
    public void close() {
        closed = true;
        spoken.close();
    }
}
