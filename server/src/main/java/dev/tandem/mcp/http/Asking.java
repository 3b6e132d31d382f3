package dev.tandem.mcp.http;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.McpTransport.Outgoing;
import dev.tandem.mcp.http.EventStream.Event;
import dev.tandem.mcp.http.Replies.Refusal;
import dev.tandem.provider.http.Exchange;
import java.util.Optional;
import java.util.OptionalLong;

/// One question, from its `POST` to its answer, over as many streams as that takes. Belongs to one
/// thread; an interrupt ends it.
final class Asking {
    private final HttpTransport transport;
    private final Outgoing question;
    private final long id;
    private final Place place;

    /// How a stream has ended.
    private enum End {
        ANSWERED,
        CLOSED,
        BROKEN
    }

    Asking(HttpTransport transport, Outgoing question, long id) {
        this.transport = transport;
        this.question = question;
        this.id = id;
        this.place = new Place(transport.limits());
    }

    /// Returns when the answer has been handed on, or will come by another stream.
    ///
    /// @throws Failure where there is no answer
    void run() throws InterruptedException {
        End end;
        try (Exchange exchange = transport.post(question, true)) {
            if (exchange.status() >= 300) {
                refused(Replies.refusal(exchange, transport.limits().messageBytesMax()));
                return;
            }
            transport.dialect().answered(question, exchange.header("Mcp-Session-Id"));
            end = read(exchange);
        }
        while (end != End.ANSWERED) {
            end = again(end);
        }
    }

    private void refused(Refusal refusal) throws InterruptedException {
        if (transport.endedWith(refusal, id)
                || (isGreeting() && transport.older().takesOver(question, refusal))) {
            return;
        }
        Optional<String> answer = refusal.answerTo(id);
        if (answer.isEmpty()) {
            throw refusal.failure();
        }
        hand(answer.get());
    }

    private boolean isGreeting() {
        return question.method().equals(Optional.of("initialize"));
    }

    private End read(Exchange exchange) throws InterruptedException {
        String type = Replies.mediaType(exchange);
        int status = exchange.status();
        if (type.equals("text/event-stream")) {
            return follow(exchange);
        }
        if (type.equals("application/json")) {
            hand(Replies.text(exchange, transport.limits().messageBytesMax()));
            return End.ANSWERED;
        }
        if (status == 202 || status == 204) {
            // the answer will come by the other stream
            exchange.finish();
            return End.ANSWERED;
        }
        throw new Failure(
                FailureCode.UPSTREAM_ERROR,
                "The MCP server answers with '" + type + "', which is no MCP; is its URL right?");
    }

    private End follow(Exchange exchange) throws InterruptedException {
        EventStream events = new EventStream(exchange, place, transport.limits().messageBytesMax());
        try {
            for (Optional<Event> event = events.next(); event.isPresent(); event = events.next()) {
                Event one = event.get();
                if (!one.name().equals("message") || one.data().isBlank()) {
                    continue;
                }
                hand(one.data());
                if (Json.answers(one.data(), id)) {
                    exchange.finish();
                    return End.ANSWERED;
                }
            }
            return End.CLOSED;
        } catch (Failure broken) {
            if (Replies.isBroken(broken) && isResumable()) {
                return End.BROKEN;
            }
            throw broken;
        }
    }

    private void hand(String text) {
        String message = transport.dialect().heard(question, text);
        transport.inbox().received(message, OptionalLong.of(id));
    }

    private boolean isResumable() {
        return !transport.dialect().isModern() && place.lastId().isPresent();
    }

    /// Takes up the stream where it stood.
    private End again(End end) throws InterruptedException {
        if (!isResumable() || !place.mayTry()) {
            throw new Failure(
                    FailureCode.UPSTREAM_ERROR,
                    "The MCP server ended its answer to "
                            + question.method().orElse("a question")
                            + " before it was complete.");
        }
        place.pause(end == End.BROKEN);
        try (Exchange exchange = transport.get(place)) {
            if (exchange.status() >= 300) {
                return refusedAgain(
                        end, Replies.refusal(exchange, transport.limits().messageBytesMax()));
            }
            place.resumed();
            return follow(exchange);
        } catch (Failure failed) {
            if (Replies.isBroken(failed) && !Replies.isGone(failed)) {
                return End.BROKEN;
            }
            throw failed;
        }
    }

    private End refusedAgain(End end, Refusal refusal) {
        if (transport.endedWith(refusal)) {
            return End.ANSWERED;
        }
        if (!refusal.isPassing()) {
            throw refusal.failure();
        }
        return end;
    }
}
