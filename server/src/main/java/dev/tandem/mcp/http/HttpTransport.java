package dev.tandem.mcp.http;

import dev.tandem.failure.Failure;
import dev.tandem.mcp.McpTransport;
import dev.tandem.mcp.http.HttpCalls.Call;
import dev.tandem.mcp.http.Replies.Refusal;
import dev.tandem.provider.http.Exchange;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Speaks streamable HTTP, of 2025-03-26 to 2026-07-28. In the older versions a further stream
/// brings what the server says by itself.
///
/// Whoever sends a question also reads its answer: [#send] returns when that has been handed on. So
/// a question is a thread and a connection of its own, and a server that dies is noticed at once by
/// everybody who waits for it.
final class HttpTransport implements McpTransport {
    private static final Logger LOG = LoggerFactory.getLogger(HttpTransport.class);

    private final HttpCalls calls;
    private final HttpLimits limits;
    private final Older older;
    private final Dialect dialect = new Dialect();
    private final Errands errands = new Errands();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable Inbox inbox;

    /// Takes over from a transport whose server does not speak streamable HTTP.
    interface Older {
        /// Takes over, where the refusal is one of a server that knows nothing newer.
        ///
        /// @return whether it has
        boolean takesOver(Outgoing greeting, Refusal refusal) throws InterruptedException;
    }

    HttpTransport(HttpCalls calls, HttpLimits limits) {
        this(calls, limits, (_, _) -> false);
    }

    HttpTransport(HttpCalls calls, HttpLimits limits, Older older) {
        this.calls = calls;
        this.limits = limits;
        this.older = older;
    }

    @Override
    public void open(Receiver receiver) {
        inbox = new Inbox(receiver);
    }

    @Override
    public void agreed(String protocol) {
        dialect.agreed(protocol);
    }

    HttpLimits limits() {
        return limits;
    }

    Dialect dialect() {
        return dialect;
    }

    Older older() {
        return older;
    }

    Inbox inbox() {
        Inbox opened = inbox;
        if (opened == null) {
            throw new IllegalStateException("a transport is opened before it is used");
        }
        return opened;
    }

    @Override
    public void send(Outgoing message) throws IOException {
        if (over.get()) {
            throw new IOException("the connection has ended");
        }
        if (message.id().isPresent()) {
            long id = message.id().getAsLong();
            Asking question = new Asking(this, message, id);
            reached(() -> errands.ask(id, question::run));
        } else if (dialect.isModern() && isCancel(message)) {
            // there, to hang up is to cancel
            Json.object(message.json())
                    .ifPresent(told -> forget(told.at("/params/requestId").asLong()));
        } else {
            reached(() -> tell(message));
        }
    }

    private static boolean isCancel(Outgoing message) {
        return message.method().equals(Optional.of("notifications/cancelled"));
    }

    /// Does what needs the server, and tells everybody where it is gone.
    private void reached(Errands.Task task) throws IOException {
        try {
            task.run();
        } catch (InterruptedException stopped) {
            throw HttpCalls.stopped(stopped);
        } catch (Failure failed) {
            boolean _ = endedWith(failed);
            throw failed;
        }
    }

    /// Sends what has no answer and waits until it is accepted.
    private void tell(Outgoing message) throws InterruptedException {
        try (Exchange exchange = post(message, false)) {
            if (exchange.status() >= 300) {
                declined(message, Replies.refusal(exchange, limits.messageBytesMax()));
            } else {
                exchange.finish();
            }
        }
        if (message.method().equals(Optional.of("notifications/initialized"))
                && !dialect.isModern()) {
            errands.listen(new Listening(this));
        }
    }

    /// What a server does not want to hear it need not hear, unless it has forgotten us.
    private void declined(Outgoing message, Refusal refusal) {
        if (endedWith(refusal)) {
            return;
        }
        LOG.info(
                "{} answers {} to {}",
                this,
                refusal.status(),
                message.method().orElse("an answer of ours"));
    }

    /// Whether the refusal means that our session is over; then everybody is told.
    boolean endedWith(Refusal refusal) {
        boolean gone = dialect.session().isPresent() && refusal.isSessionGone();
        if (gone) {
            dialect.forgetSession();
            ended("the session has expired");
        }
        return gone;
    }

    /// The same, where a question was refused, which nobody has looked at then.
    boolean endedWith(Refusal refusal, long id) {
        if (dialect.session().isPresent() && refusal.isSessionGone()) {
            inbox().expired(id);
        }
        return endedWith(refusal);
    }

    /// Whether nobody is there any more; then everybody is told.
    boolean endedWith(Failure failure) {
        boolean gone = Replies.isGone(failure);
        if (gone) {
            ended("it takes no connections");
        }
        return gone;
    }

    /// @param waits whether somebody waits for as long as it takes
    Exchange post(Outgoing message, boolean waits) throws InterruptedException {
        Map<String, String> headers = dialect.headers(message);
        Call call = new Call("POST", calls.url(), headers, Optional.of(message.json()));
        return calls.send(call, waits ? HttpCalls.FOREVER : limits.accept());
    }

    /// Opens a stream, or takes one up that has stood at `place`.
    Exchange get(Place place) throws InterruptedException {
        Map<String, String> headers = dialect.streamHeaders(place.lastId());
        return calls.send(
                new Call("GET", calls.url(), headers, Optional.empty()), HttpCalls.FOREVER);
    }

    @Override
    public void forget(long id) {
        errands.forget(id);
    }

    void ended(String why) {
        over.set(true);
        Inbox opened = inbox;
        if (opened != null) {
            opened.ended(why);
        }
        errands.stop();
    }

    @Override
    public void close() {
        if (over.compareAndSet(false, true)) {
            ended("it was stopped");
            dialect.session().ifPresent(_ -> leave());
        }
    }

    /// Says goodbye, and does not wait long: a server forgets its sessions by itself.
    private void leave() {
        Thread goodbye = Thread.ofVirtual().name("mcp-leave").start(this::delete);
        try {
            boolean _ = goodbye.join(limits.leave());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void delete() {
        Call call = new Call("DELETE", calls.url(), dialect.goodbyeHeaders(), Optional.empty());
        try (Exchange exchange = calls.send(call, limits.leave())) {
            LOG.debug("{} answers {} to our goodbye", this, exchange.status());
        } catch (InterruptedException | Failure unheard) {
            LOG.debug("{} does not hear our goodbye", this, unheard);
        }
    }

    @Override
    public String toString() {
        return calls.toString();
    }
}
