package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.auth.Caller;
import dev.tandem.edge.mcp.ClientMessage.Reply;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/// A client that has greeted, and what it has in progress. Belongs to the key that made it. Safe
/// for use by many threads.
final class McpSession {
    /// How many streams that are over are kept for clients that come back.
    private static final int STREAMS_KEPT = 16;

    private final String id;
    private final Caller owner;
    private final Protocol protocol;
    private final ClientTraits client;
    private final McpEdgeSettings settings;
    private final Map<JsonNode, Running> calls = new LinkedHashMap<>();
    private final Map<String, ReplyStream> streams = new LinkedHashMap<>();
    private final Map<String, CompletableFuture<Optional<JsonNode>>> questions =
            new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile LogLevel level = LogLevel.INFO;
    private Instant used;
    private int guests;
    private boolean ended;

    private record Running(Thread thread, ReplyStream stream) {}

    McpSession(
            String id,
            Caller owner,
            Protocol protocol,
            ClientTraits client,
            McpEdgeSettings settings,
            Instant now) {
        this.id = id;
        this.owner = owner;
        this.protocol = protocol;
        this.client = client;
        this.settings = settings;
        this.used = now;
    }

    String id() {
        return id;
    }

    boolean belongsTo(Caller caller) {
        return owner.equals(caller);
    }

    String tenant() {
        return owner.tenant();
    }

    Protocol protocol() {
        return protocol;
    }

    ClientTraits client() {
        return client;
    }

    /// The least of what is told of a server's log.
    LogLevel level() {
        return level;
    }

    void level(LogLevel least) {
        level = least;
    }

    /// An HTTP request of this session begins.
    synchronized void enter(Instant now) {
        used = now;
        guests++;
    }

    /// An HTTP request of this session has ended.
    synchronized void leave(Instant now) {
        used = now;
        guests--;
    }

    /// Since when nothing goes on; empty while something does.
    synchronized Optional<Instant> idleSince() {
        return guests > 0 || !calls.isEmpty() ? Optional.empty() : Optional.of(used);
    }

    /// A stream of this session, which a client can come back for.
    ///
    /// @param awaited how many answers end it
    synchronized ReplyStream open(int awaited) {
        String name = "s" + numbers.incrementAndGet();
        ReplyStream stream = new ReplyStream(name, awaited, true, settings.streamCharsMax());
        streams.put(name, stream);
        List<String> over =
                streams.values().stream()
                        .filter(ReplyStream::isOver)
                        .map(ReplyStream::name)
                        .toList();
        over.stream().limit(Math.max(0, over.size() - STREAMS_KEPT)).forEach(streams::remove);
        if (ended) {
            stream.end();
        }
        return stream;
    }

    /// A stream that a client comes back for.
    synchronized Optional<ReplyStream> stream(String name) {
        return Optional.ofNullable(streams.get(name));
    }

    /// A stream is not wanted any more.
    synchronized void forget(ReplyStream stream) {
        streams.remove(stream.name());
    }

    /// A call begins.
    ///
    /// @param thread not started yet
    /// @throws RpcError where its id is in use, or too many calls are in progress
    void begin(JsonNode request, ReplyStream stream, Thread thread) {
        synchronized (this) {
            if (calls.containsKey(request)) {
                throw RpcError.invalidRequest("The id " + request + " is in use.");
            }
            if (calls.size() >= settings.callsMax()) {
                throw RpcError.invalidRequest(
                        "This session has "
                                + settings.callsMax()
                                + " requests in progress; wait for one to end.");
            }
            calls.put(request, new Running(thread, stream));
        }
        thread.start();
    }

    /// A call has come to its end.
    ///
    /// @return false where it was cancelled before
    synchronized boolean finished(JsonNode request) {
        return calls.remove(request) != null;
    }

    /// Stops a call, which then has no answer.
    void cancel(JsonNode request) {
        Running call;
        synchronized (this) {
            call = calls.remove(request);
        }
        if (call != null) {
            call.stream().giveUp();
            call.thread().interrupt();
        }
    }

    /// Stops the calls that a stream waits for.
    void cancel(ReplyStream stream) {
        List<JsonNode> waiting = new ArrayList<>();
        synchronized (this) {
            calls.forEach(
                    (request, call) -> {
                        if (call.stream() == stream) {
                            waiting.add(request);
                        }
                    });
        }
        waiting.forEach(this::cancel);
    }

    /// Asks the client on the stream of a call.
    ToolReply ask(ReplyStream stream, ToolQuestion question) throws InterruptedException {
        String name = "tandem-" + numbers.incrementAndGet();
        CompletableFuture<Optional<JsonNode>> answer = new CompletableFuture<>();
        questions.put(name, answer);
        stream.ask(
                ServerMessages.request(
                        name, Questions.method(question), Questions.params(question)));
        boolean answered = false;
        try {
            Optional<JsonNode> result = answer.get();
            answered = true;
            return result.flatMap(reply -> Questions.reply(question, reply))
                    .orElse(ToolReply.DECLINED);
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        } finally {
            questions.remove(name);
            if (!answered) {
                stream.send(
                        ServerMessages.notice(
                                "notifications/cancelled", Json.object().put("requestId", name)));
            }
        }
    }

    /// Takes the client's answer to a question; one that nobody waits for is dropped.
    void answered(Reply reply) {
        CompletableFuture<Optional<JsonNode>> waiting = questions.get(reply.id().asText());
        if (waiting != null) {
            waiting.complete(reply.result());
        }
    }

    /// Ends it: nobody is served in it any more.
    void end() {
        List<JsonNode> requests;
        List<ReplyStream> open;
        synchronized (this) {
            ended = true;
            requests = List.copyOf(calls.keySet());
            open = List.copyOf(streams.values());
        }
        requests.forEach(this::cancel);
        open.forEach(ReplyStream::end);
    }

    /// Ends the streams that wait for nothing: the server stops.
    synchronized void stop() {
        List<ReplyStream> busy = calls.values().stream().map(Running::stream).toList();
        streams.values().stream().filter(each -> !busy.contains(each)).forEach(ReplyStream::end);
    }
}
