package dev.tandem.mcp.http;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.http.EventStream.Event;
import dev.tandem.provider.http.Exchange;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one stream of HTTP+SSE. It is not taken up again: the old protocol has no way to say where
/// it stood.
final class SseListening implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SseListening.class);

    private final SseTransport transport;
    private final Inbox inbox;

    SseListening(SseTransport transport, Inbox inbox) {
        this.transport = transport;
        this.inbox = inbox;
    }

    @Override
    public void run() {
        try (Exchange exchange = transport.get()) {
            int bytesMax = transport.limits().messageBytesMax();
            if (exchange.status() >= 300) {
                throw Replies.refusal(exchange, bytesMax).failure();
            }
            if (!Replies.mediaType(exchange).equals("text/event-stream")) {
                throw wrong("does not open a stream; is its URL right?");
            }
            follow(new EventStream(exchange, new Place(transport.limits()), bytesMax));
            throw new Failure(FailureCode.UPSTREAM_UNAVAILABLE, "it closed its stream");
        } catch (InterruptedException stopped) {
            LOG.debug("nobody listens to an MCP server any more", stopped);
        } catch (Failure failed) {
            transport.lost(failed);
        }
    }

    private void follow(EventStream events) throws InterruptedException {
        for (Optional<Event> event = events.next(); event.isPresent(); event = events.next()) {
            Event one = event.get();
            if (one.name().equals("endpoint")) {
                transport.found(address(one.data().strip()));
            } else if (one.name().equals("message") && !one.data().isBlank()) {
                inbox.received(one.data(), OptionalLong.empty());
            }
        }
    }

    /// Another origin must not get our headers.
    private URI address(String given) {
        URI from = transport.url();
        URI to;
        try {
            to = from.resolve(given);
        } catch (IllegalArgumentException malformed) {
            throw wrong("names an address for messages that is no URL.");
        }
        if (!Origin.isHttp(to) || !Origin.of(to).equals(Origin.of(from))) {
            throw wrong("names an address for messages that is not of its own origin.");
        }
        return to;
    }

    private static Failure wrong(String how) {
        return new Failure(FailureCode.UPSTREAM_ERROR, HttpCalls.SERVER + " " + how);
    }
}
