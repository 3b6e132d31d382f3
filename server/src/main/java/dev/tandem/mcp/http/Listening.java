package dev.tandem.mcp.http;

import dev.tandem.failure.Failure;
import dev.tandem.mcp.http.EventStream.Event;
import dev.tandem.mcp.http.Replies.Refusal;
import dev.tandem.provider.http.Exchange;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The stream for what a server says by itself, taken up again whenever it ends. A server need not
/// offer one; the connection does without it then.
final class Listening implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);

    private final HttpTransport transport;
    private final Place place;

    /// How one attempt has ended.
    private enum End {
        CLOSED,
        BROKEN,
        FOR_GOOD
    }

    Listening(HttpTransport transport) {
        this.transport = transport;
        this.place = new Place(transport.limits());
    }

    @Override
    public void run() {
        try {
            End end = listen();
            while (end != End.FOR_GOOD && place.mayTry()) {
                place.pause(end == End.BROKEN);
                end = listen();
            }
            LOG.info("{} says nothing by itself", transport);
        } catch (InterruptedException stopped) {
            LOG.debug("nobody listens to an MCP server any more", stopped);
        }
    }

    private End listen() throws InterruptedException {
        try (Exchange exchange = transport.get(place)) {
            if (exchange.status() >= 300) {
                return refused(Replies.refusal(exchange, transport.limits().messageBytesMax()));
            }
            if (!Replies.mediaType(exchange).equals("text/event-stream")) {
                return End.FOR_GOOD;
            }
            place.resumed();
            follow(exchange);
            return End.CLOSED;
        } catch (Failure failed) {
            return failed(failed);
        }
    }

    private void follow(Exchange exchange) throws InterruptedException {
        EventStream events = new EventStream(exchange, place, transport.limits().messageBytesMax());
        for (Optional<Event> event = events.next(); event.isPresent(); event = events.next()) {
            if (event.get().name().equals("message") && !event.get().data().isBlank()) {
                transport.inbox().received(event.get().data(), OptionalLong.empty());
            }
        }
    }

    private End refused(Refusal refusal) {
        return transport.endedWith(refusal) || !refusal.isPassing() ? End.FOR_GOOD : End.CLOSED;
    }

    private End failed(Failure failure) {
        if (transport.endedWith(failure)) {
            return End.FOR_GOOD;
        }
        if (Replies.isBroken(failure)) {
            return End.BROKEN;
        }
        LOG.warn("{} can say nothing by itself: {}", transport, failure.text());
        return End.FOR_GOOD;
    }
}
