package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.edge.mcp.ClientMessage.Notice;
import dev.tandem.edge.mcp.ClientMessage.Reply;
import dev.tandem.edge.mcp.ClientMessage.Request;
import dev.tandem.edge.mcp.ReplyWriter.Left;
import dev.tandem.edge.mcp.ReplyWriter.Way;
import dev.tandem.edge.rest.HttpCall;
import org.slf4j.MDC;

/// Serves clients whose every request stands for itself: MCP 2026-07-28.
final class StatelessRequests {
    private final StatelessMethods methods;
    private final Rounds rounds;
    private final Listeners listeners;
    private final McpEdgeSettings settings;
    private final ReplyWriter writer;

    StatelessRequests(StatelessMethods methods, Rounds rounds, McpEdgeSettings settings) {
        this.methods = methods;
        this.rounds = rounds;
        this.listeners = new Listeners();
        this.settings = settings;
        this.writer = new ReplyWriter(settings.heartbeat());
    }

    /// Takes a message, and sends the answer to a request.
    Finish post(HttpCall http, ClientMessages sent, Accepts accepts) throws Left {
        if (sent.batch()) {
            throw RpcError.invalidRequest("Batches are no longer possible; send one message.");
        }
        return switch (sent.messages().getFirst()) {
            case Notice _ -> () -> ReplyWriter.accepted(http);
            case Reply _ ->
                    throw RpcError.invalidRequest(
                            "Answer a question by sending the request again, with inputResponses.");
            case Request request -> serve(http, request, accepts);
        };
    }

    private Finish serve(HttpCall http, Request request, Accepts accepts) throws Left {
        RequestMeta meta = RequestMeta.read(http, request);
        ReplyStream stream = new ReplyStream("s0", 1, false, settings.streamCharsMax());
        Turn turn =
                new Turn(request.id(), stream, Turn.progressToken(request.params()), meta.level());
        if (request.method().equals("subscriptions/listen")) {
            return listen(http, turn, accepts);
        }
        McpMethods.Method method = methods.find(request, http::header);
        Round round = round(http, request, turn, method, meta);
        try {
            return write(http, stream, new Way(accepts, false, false, 0));
        } catch (Left left) {
            if (!stream.isOver()) {
                round.stop();
            }
            throw left;
        }
    }

    /// A new call, or one that goes on.
    private Round round(
            HttpCall http, Request request, Turn turn, McpMethods.Method method, RequestMeta meta) {
        InputResponses input = InputResponses.read(request);
        Rounds.Origin origin = new Rounds.Origin(http.call().caller(), input.fingerprint());
        if (input.state().isPresent()) {
            Round waiting = rounds.take(input.state().get(), origin);
            waiting.resume(turn, input.answers());
            return waiting;
        }
        Round round = new Round(rounds, settings.inputMax(), turn, input.answers());
        rounds.began(round, origin);
        ClientLine line = new ClientLine(meta.client(), round, round::turn);
        Asked asked = new Asked(CallerScope.of(http), Protocol.V2026_07_28, request.params(), line);
        String requestId = http.call().requestId();
        round.start(
                Thread.ofVirtual()
                        .name("mcp-call")
                        .unstarted(() -> answer(round, method, asked, requestId)));
        return round;
    }

    private void answer(Round round, McpMethods.Method method, Asked asked, String requestId) {
        MDC.put("request", requestId);
        Answer answer = Answer.of(method, asked);
        rounds.ended(round);
        switch (answer) {
            case Answer.Result(ObjectNode result) -> round.turn().answer(result);
            case Answer.Refused(RpcError error) -> round.turn().fail(error, error.status());
        }
    }

    private Finish listen(HttpCall http, Turn turn, Accepts accepts) throws Left {
        if (!accepts.events()) {
            throw RpcError.notAcceptable("Send Accept: application/json, text/event-stream.");
        }
        ObjectNode told = Listeners.subscribed(turn);
        told.putObject("notifications");
        turn.stream().send(ServerMessages.notice("notifications/subscriptions/acknowledged", told));
        listeners.add(turn);
        try {
            return write(http, turn.stream(), new Way(accepts, false, false, 0));
        } finally {
            listeners.remove(turn);
        }
    }

    private Finish write(HttpCall http, ReplyStream stream, Way way) throws Left {
        return writer.write(http, stream, way)
                ? Finish.NOTHING
                : () -> ReplyWriter.document(http, stream, way);
    }

    /// Ends what only waits.
    void stop() {
        listeners.stop();
        rounds.stop();
    }
}
