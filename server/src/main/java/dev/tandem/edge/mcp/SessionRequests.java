package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.edge.mcp.ClientMessage.Notice;
import dev.tandem.edge.mcp.ClientMessage.Reply;
import dev.tandem.edge.mcp.ClientMessage.Request;
import dev.tandem.edge.mcp.ReplyWriter.Left;
import dev.tandem.edge.mcp.ReplyWriter.Way;
import dev.tandem.edge.rest.HttpCall;
import dev.tandem.tool.ToolScope;
import io.helidon.http.HeaderValues;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/// Serves clients that greet: MCP 2025-03-26 to 2025-11-25.
final class SessionRequests {
    static final String SESSION = "Mcp-Session-Id";

    private static final int NO_CONTENT = 204;
    private static final Pattern EVENT = Pattern.compile("(s\\d{1,18})-(\\d{1,18})");

    private final McpSessions sessions;
    private final SessionMethods methods;
    private final McpEdgeSettings settings;
    private final ReplyWriter writer;
    private final InstantSource clock;

    SessionRequests(
            McpSessions sessions,
            SessionMethods methods,
            McpEdgeSettings settings,
            InstantSource clock) {
        this.sessions = sessions;
        this.methods = methods;
        this.settings = settings;
        this.writer = new ReplyWriter(settings.heartbeat());
        this.clock = clock;
    }

    /// Takes messages, and sends the answers to those that want one.
    Finish post(HttpCall http, ClientMessages sent, Accepts accepts) throws Left {
        Optional<Request> greeting =
                sent.requests().stream()
                        .filter(request -> request.method().equals("initialize"))
                        .findFirst();
        if (greeting.isPresent()) {
            return greet(http, sent, greeting.get(), accepts);
        }
        McpSession session = session(http);
        Instant now = clock.instant();
        session.enter(now);
        try {
            return take(http, session, sent, accepts);
        } finally {
            session.leave(clock.instant());
        }
    }

    private Finish greet(HttpCall http, ClientMessages sent, Request greeting, Accepts accepts)
            throws Left {
        if (sent.messages().size() > 1) {
            throw RpcError.invalidRequest("initialize must come alone.");
        }
        ObjectNode params = greeting.params();
        String wanted =
                Json.text(params, "protocolVersion")
                        .orElseThrow(
                                () -> RpcError.invalidParams("protocolVersion must be a text."));
        Protocol protocol = Protocol.agreed(wanted);
        ClientTraits client = new ClientTraits(params.path("capabilities"));
        McpSession session = sessions.open(http.call().caller(), protocol, client);
        http.call().answerHeader(SESSION, session.id());
        ReplyStream stream = new ReplyStream("s0", 1, false, settings.streamCharsMax());
        turn(session, greeting, stream).answer(methods.greeting(protocol));
        return write(http, stream, new Way(accepts, sent.batch(), false, 0));
    }

    private Finish take(HttpCall http, McpSession session, ClientMessages sent, Accepts accepts)
            throws Left {
        if (sent.batch() && !session.protocol().hasBatches()) {
            throw RpcError.invalidRequest(
                    "MCP " + session.protocol().word() + " has no batches; send one message.");
        }
        List<Request> requests = sent.requests();
        for (ClientMessage message : sent.messages()) {
            switch (message) {
                case Notice notice -> take(session, notice);
                case Reply reply -> session.answered(reply);
                case Request _ -> {}
            }
        }
        if (requests.isEmpty()) {
            return () -> ReplyWriter.accepted(http);
        }
        ReplyStream stream = session.open(requests.size());
        ClientTraits client = accepts.events() ? session.client() : ClientTraits.SILENT;
        requests.forEach(request -> begin(http, session, client, request, stream));
        boolean primes = session.protocol().hasEmptyEvents();
        return write(http, session, stream, new Way(accepts, sent.batch(), primes, 0));
    }

    private static void take(McpSession session, Notice notice) {
        if (notice.method().equals("notifications/cancelled")) {
            session.cancel(notice.params().path("requestId"));
        }
    }

    private void begin(
            HttpCall http,
            McpSession session,
            ClientTraits client,
            Request request,
            ReplyStream stream) {
        Turn turn = turn(session, request, stream);
        ClientLine line =
                new ClientLine(
                        client,
                        (_, question) -> session.ask(stream, question),
                        () -> turn.at(session.level()));
        ToolScope scope = CallerScope.of(http);
        Asked asked = new Asked(scope, session.protocol(), request.params(), line);
        String requestId = http.call().requestId();
        Thread thread =
                Thread.ofVirtual()
                        .name("mcp-call")
                        .unstarted(() -> answer(session, request, asked, turn, requestId));
        try {
            session.begin(request.id(), stream, thread);
        } catch (RpcError refused) {
            turn.fail(refused, refused.status());
        }
    }

    private void answer(
            McpSession session, Request request, Asked asked, Turn turn, String requestId) {
        MDC.put("request", requestId);
        Answer answer = Answer.of(methods.find(session, request.method()), asked);
        if (!session.finished(request.id())) {
            return;
        }
        switch (answer) {
            case Answer.Result(ObjectNode result) -> turn.answer(result);
            case Answer.Refused(RpcError error) -> turn.fail(error, 200);
        }
    }

    private static Turn turn(McpSession session, Request request, ReplyStream stream) {
        return new Turn(
                request.id(),
                stream,
                Turn.progressToken(request.params()),
                Optional.of(session.level()));
    }

    private Finish write(HttpCall http, ReplyStream stream, Way way) throws Left {
        return writer.write(http, stream, way)
                ? Finish.NOTHING
                : () -> ReplyWriter.document(http, stream, way);
    }

    /// Where the client leaves with events in its hands, it has a while to come back for the rest.
    private Finish write(HttpCall http, McpSession session, ReplyStream stream, Way way)
            throws Left {
        try {
            boolean sent = writer.write(http, stream, way);
            if (!sent || stream.isLarge()) {
                session.forget(stream);
            }
            return sent ? Finish.NOTHING : () -> ReplyWriter.document(http, stream, way);
        } catch (Left left) {
            if (left.hasBegun() && !stream.isOver()) {
                Thread.ofVirtual().start(() -> await(session, stream, left.reader()));
            } else {
                session.cancel(stream);
            }
            throw left;
        }
    }

    private void await(McpSession session, ReplyStream stream, int reader) {
        try {
            if (!stream.isTaken(reader, settings.resumeMax())) {
                session.cancel(stream);
            }
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    /// A stream of what is no answer, or the rest of one that broke.
    Finish get(HttpCall http) throws Left {
        McpSession session = session(http);
        Accepts accepts = Accepts.read(http.header("Accept"));
        if (!accepts.events()) {
            throw RpcError.notAcceptable("Send Accept: text/event-stream.");
        }
        Accepts events = new Accepts(false, true);
        Optional<String> last = http.header("Last-Event-ID");
        session.enter(clock.instant());
        try {
            return last.isPresent()
                    ? resume(http, session, last.get(), events)
                    : listen(http, session, events);
        } finally {
            session.leave(clock.instant());
        }
    }

    private Finish resume(HttpCall http, McpSession session, String last, Accepts events)
            throws Left {
        Matcher event = EVENT.matcher(last.strip());
        ReplyStream stream =
                Optional.of(event)
                        .filter(Matcher::matches)
                        .flatMap(place -> session.stream(place.group(1)))
                        .orElseThrow(
                                () ->
                                        RpcError.invalidRequest(
                                                "Last-Event-ID is of no stream that is kept."));
        long after = Long.parseLong(event.group(2));
        return write(http, session, stream, new Way(events, false, false, after));
    }

    private Finish listen(HttpCall http, McpSession session, Accepts events) throws Left {
        ReplyStream stream = session.open(1);
        try {
            return write(http, stream, new Way(events, false, false, 0));
        } finally {
            session.forget(stream);
        }
    }

    /// Ends a session.
    Finish delete(HttpCall http) {
        sessions.end(session(http));
        return () -> http.answer(NO_CONTENT, HeaderValues.CONTENT_TYPE_JSON, new byte[0]);
    }

    private McpSession session(HttpCall http) {
        Optional<String> version = http.header(RequestMeta.VERSION_HEADER).map(String::strip);
        version.filter(word -> Protocol.of(word).filter(Protocol::hasSessions).isEmpty())
                .ifPresent(
                        word -> {
                            throw RpcError.unsupportedVersion(word);
                        });
        String id =
                http.header(SESSION)
                        .orElseThrow(
                                () ->
                                        RpcError.invalidRequest(
                                                "Send initialize first, and then the header "
                                                        + SESSION
                                                        + " of its answer."));
        return sessions.find(id.strip(), http.call().caller());
    }

    /// Ends what only waits.
    void stop() {
        sessions.stop();
    }
}
