package dev.tandem.mcp.http;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.McpTransport;
import dev.tandem.mcp.http.HttpCalls.Call;
import dev.tandem.mcp.http.Replies.Refusal;
import dev.tandem.provider.http.Exchange;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Speaks HTTP+SSE of the protocol version 2024-11-05: one stream brings all that the server says,
/// and names the address that takes messages. A stream that ends is the end of the connection.
final class SseTransport implements McpTransport {
    private static final Logger LOG = LoggerFactory.getLogger(SseTransport.class);

    private final HttpCalls calls;
    private final HttpLimits limits;
    private final Errands errands = new Errands();
    private final CompletableFuture<URI> address = new CompletableFuture<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile Optional<String> protocol = Optional.empty();
    private volatile @Nullable Inbox inbox;

    SseTransport(HttpCalls calls, HttpLimits limits) {
        this.calls = calls;
        this.limits = limits;
    }

    @Override
    public void open(Receiver receiver) throws IOException {
        try {
            connect(receiver);
        } catch (InterruptedException stopped) {
            throw HttpCalls.stopped(stopped);
        }
    }

    /// Waits until the server has named the address for messages.
    ///
    /// @throws IOException where it does not
    /// @throws Failure UNAUTHORIZED where it wants to know who we are
    void connect(Receiver receiver) throws IOException, InterruptedException {
        Inbox opened = new Inbox(receiver);
        inbox = opened;
        errands.listen(new SseListening(this, opened));
        boolean found = false;
        try {
            URI _ = address.get(limits.accept().toNanos(), TimeUnit.NANOSECONDS);
            found = true;
        } catch (TimeoutException late) {
            throw new IOException("it names no address within " + limits.accept(), late);
        } catch (ExecutionException failed) {
            throw unopened(failed);
        } finally {
            if (!found) {
                errands.stop();
            }
        }
    }

    private static IOException unopened(ExecutionException failed) {
        if (failed.getCause() instanceof Failure told) {
            if (told.code() == FailureCode.UNAUTHORIZED) {
                throw told;
            }
            return new IOException(told.text(), told);
        }
        return new IOException(failed);
    }

    HttpLimits limits() {
        return limits;
    }

    URI url() {
        return calls.url();
    }

    /// The stream names its address.
    void found(URI to) {
        address.complete(to);
    }

    /// The stream has ended; where it was never open, only whoever opens it is told.
    void lost(Failure why) {
        if (!address.completeExceptionally(why)) {
            ended(Replies.isBroken(why) ? "its stream broke off" : why.text());
        }
    }

    /// Opens the stream.
    Exchange get() throws InterruptedException {
        Map<String, String> headers = headers();
        headers.put("Accept", "text/event-stream");
        return calls.send(
                new Call("GET", calls.url(), headers, Optional.empty()), HttpCalls.FOREVER);
    }

    @Override
    public void agreed(String version) {
        protocol = Optional.of(version);
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        protocol.ifPresent(version -> headers.put("MCP-Protocol-Version", version));
        return headers;
    }

    @Override
    public void send(Outgoing message) throws IOException {
        if (over.get()) {
            throw new IOException("the connection has ended");
        }
        try {
            if (message.id().isPresent()) {
                errands.ask(message.id().getAsLong(), () -> ask(message));
            } else {
                tell(message);
            }
        } catch (InterruptedException stopped) {
            throw HttpCalls.stopped(stopped);
        } catch (Failure failed) {
            boolean _ = endedWith(failed);
            throw failed;
        }
    }

    private void ask(Outgoing question) throws InterruptedException {
        Optional<Refusal> refusal = post(question, HttpCalls.FOREVER);
        if (refusal.isPresent()) {
            throw refusal.get().failure();
        }
    }

    private void tell(Outgoing message) throws InterruptedException {
        post(message, limits.accept())
                .ifPresent(
                        refusal -> LOG.info("{} answers {} to a message", calls, refusal.status()));
    }

    /// @return how the server refuses the message; empty where it takes it
    private Optional<Refusal> post(Outgoing message, Duration limit) throws InterruptedException {
        Map<String, String> headers = headers();
        headers.put("Content-Type", "application/json");
        headers.put("Accept", "application/json, text/event-stream");
        Call call = new Call("POST", address.join(), headers, Optional.of(message.json()));
        try (Exchange exchange = calls.send(call, limit)) {
            if (exchange.status() < 300) {
                exchange.finish();
                return Optional.empty();
            }
            Refusal refusal = Replies.refusal(exchange, limits.messageBytesMax());
            if (refusal.isSessionGone()) {
                Inbox opened = inbox;
                if (opened != null) {
                    message.id().ifPresent(opened::expired);
                }
                ended("the session has expired");
            }
            return Optional.of(refusal);
        }
    }

    private boolean endedWith(Failure failure) {
        boolean gone = Replies.isGone(failure);
        if (gone) {
            ended("it takes no connections");
        }
        return gone;
    }

    @Override
    public void forget(long id) {
        errands.forget(id);
    }

    private void ended(String why) {
        over.set(true);
        Inbox opened = inbox;
        if (opened != null) {
            boolean _ = opened.ended(why);
        }
        errands.stop();
    }

    @Override
    public void close() {
        if (over.compareAndSet(false, true)) {
            ended("it was stopped");
        }
    }
}
