package dev.tandem.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Speaks JSON-RPC 2.0 on a transport: questions with their answers, and what the server asks of
/// us. A caller that is interrupted is free at once, and the server is told. When the server is
/// gone, whoever waits for it is told so, and so is whoever asks later.
final class RpcPeer implements McpTransport.Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(RpcPeer.class);
    private static final Duration SENT_MAX = Duration.ofSeconds(1);

    /// Before these are answered a server need not know what it is to cancel something.
    private static final Set<String> NEVER_CANCELLED = Set.of("initialize", "server/discover");

    private final McpTransport transport;
    private final Listener listener;
    private final OpenCalls calls = new OpenCalls();
    private final ServerQuestions questions;
    private final AtomicReference<Optional<String>> ended = new AtomicReference<>(Optional.empty());

    /// Hears what the server says by itself. Called by one thread at a time, which it must not
    /// hold.
    interface Listener extends ServerQuestions.Answers {
        void heard(String method, JsonNode params);

        /// The server is gone; called once.
        void ended(String why);
    }

    RpcPeer(McpTransport transport, Listener listener) {
        this.transport = transport;
        this.listener = listener;
        this.questions = new ServerQuestions(listener, this::sendAside);
    }

    /// Why the server is gone; empty while it is there.
    Optional<String> ended() {
        return ended.get();
    }

    /// How many answers are waited for, by us and by the server.
    int waiting() {
        return calls.size() + questions.size();
    }

    /// Asks and waits for the answer, which is an object.
    ///
    /// @throws Failure UPSTREAM_UNAVAILABLE where the server is gone, UPSTREAM_TIMEOUT where it
    ///     takes too long, UPSTREAM_ERROR with its own words where it refuses
    JsonNode ask(RpcQuestion question) throws InterruptedException {
        OpenCall call = calls.open(question.method(), question.watcher());
        Thread sender = Thread.ofVirtual().name("mcp-ask").unstarted(() -> send(call, question));
        try {
            sender.start();
            return call.await(question.limit());
        } catch (InterruptedException stopped) {
            giveUp(call, sender, "the caller has stopped");
            throw stopped;
        } catch (TimeoutException late) {
            giveUp(call, sender, "it took too long");
            throw new Failure(
                    FailureCode.UPSTREAM_TIMEOUT,
                    "The MCP server has not answered %s within %s."
                            .formatted(
                                    question.method(),
                                    question.limit().map(Object::toString).orElse("ever")),
                    late);
        } finally {
            calls.close(call);
        }
    }

    /// On a thread of its own: a server that takes nothing must not hold the caller.
    private void send(OpenCall call, RpcQuestion question) {
        try {
            ObjectNode params = question.params();
            if (call.watcher().isPresent()) {
                params.withObjectProperty("_meta").put("progressToken", call.number());
            }
            if (ended().isEmpty()) {
                send(RpcMessages.question(call.number(), question.method(), params));
            }
            // it may have ended before it could know of this question
            ended().ifPresent(why -> call.failed(gone(why)));
        } catch (RuntimeException failed) {
            call.failed(failed);
        }
    }

    private void giveUp(OpenCall call, Thread sender, String why) {
        ObjectNode params = RpcMessages.object().put("requestId", call.number()).put("reason", why);
        aside(
                () -> {
                    transport.forget(call.number());
                    sender.interrupt();
                    // in the order in which they were meant
                    boolean _ = sender.join(SENT_MAX);
                    if (!NEVER_CANCELLED.contains(call.method())) {
                        tell("notifications/cancelled", params);
                    }
                });
    }

    /// Says something that has no answer.
    ///
    /// @throws Failure where the server is gone
    void tell(String method, ObjectNode params) {
        send(RpcMessages.notice(method, params));
    }

    /// Does not wait for a server that takes nothing; one that is gone need not hear it.
    private void sendAside(ObjectNode message) {
        aside(() -> send(message));
    }

    private interface Task {
        void run() throws InterruptedException;
    }

    private static void aside(Task task) {
        Thread.ofVirtual()
                .name("mcp-aside")
                .start(
                        () -> {
                            try {
                                task.run();
                            } catch (Failure | InterruptedException gone) {
                                LOG.debug("nobody is there to be told", gone);
                            }
                        });
    }

    private void send(ObjectNode message) {
        try {
            transport.send(RpcMessages.outgoing(message));
        } catch (IOException broken) {
            throw new Failure(
                    FailureCode.UPSTREAM_UNAVAILABLE,
                    "The MCP server is gone: %s."
                            .formatted(ended().orElse("it takes nothing: " + broken.getMessage())),
                    broken);
        }
    }

    @Override
    public void received(String message) {
        received(message, OptionalLong.empty());
    }

    @Override
    public void received(String text, OptionalLong inAnswerTo) {
        JsonNode message;
        try {
            message = RpcMessages.JSON.readTree(text);
        } catch (JsonProcessingException noise) {
            LOG.warn("an MCP server says what is no JSON; it should log to its standard error");
            return;
        }
        if (message.isArray()) {
            message.forEach(one -> take(one, inAnswerTo));
        } else {
            take(message, inAnswerTo);
        }
    }

    private void take(JsonNode message, OptionalLong inAnswerTo) {
        boolean numbered = message.hasNonNull("id");
        Optional<String> method = RpcMessages.text(message.path("method"));
        JsonNode params = message.path("params");
        if (method.isPresent() && numbered) {
            questions.asked(method.get(), message.get("id"), params, calls.cause(inAnswerTo));
        } else if (method.isPresent()) {
            heard(method.get(), params);
        } else if (numbered) {
            calls.find(message.get("id")).ifPresent(call -> settle(call, message));
        } else if (message.path("error").isObject() && inAnswerTo.isPresent()) {
            // it could not read the question's number
            calls.find(inAnswerTo.getAsLong()).ifPresent(call -> settle(call, message));
        }
    }

    private static void settle(OpenCall call, JsonNode message) {
        JsonNode error = message.path("error");
        if (!error.isMissingNode() && !error.isNull()) {
            call.failed(McpRefusal.of(error).failure());
        } else if (message.path("result").isObject()) {
            call.answered(message.get("result"));
        } else {
            call.failed(McpMessages.malformed(call.method(), "a result that is no object"));
        }
    }

    private void heard(String method, JsonNode params) {
        switch (method) {
            case "notifications/progress" ->
                    calls.find(params.path("progressToken"))
                            .ifPresent(call -> call.progressed(params));
            case "notifications/cancelled" -> cancelled(params.path("requestId"));
            default -> listener.heard(method, params);
        }
    }

    /// A server takes back a question, or ends what it has told us on a subscription.
    private void cancelled(JsonNode id) {
        if (!questions.withdrawn(id)) {
            calls.find(id)
                    .filter(call -> call.method().equals("subscriptions/listen"))
                    .ifPresent(call -> call.answered(RpcMessages.object()));
        }
    }

    @Override
    public void lost(long id, String why) {
        calls.find(id).ifPresent(call -> call.failed(gone(why)));
    }

    @Override
    public void expired(long id) {
        calls.find(id).ifPresent(call -> call.failed(McpExpiry.failure()));
    }

    @Override
    public void ended(String why) {
        if (ended.compareAndSet(Optional.empty(), Optional.of(why))) {
            calls.failAll(gone(why));
            questions.ended();
            listener.ended(why);
        }
    }

    private static Failure gone(String why) {
        return new Failure(
                FailureCode.UPSTREAM_UNAVAILABLE, "The MCP server is gone: " + why + ".");
    }
}
