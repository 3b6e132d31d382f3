package dev.tandem.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.McpTransport.Outgoing;
import dev.tandem.tool.ToolProgress;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Speaks JSON-RPC 2.0 on a transport: questions with their answers, and what the server asks of
/// us. A caller that is interrupted is free at once, and the server is told. When the server is
/// gone, whoever waits for it is told so, and so is whoever asks later.
final class RpcPeer implements McpTransport.Receiver {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final Logger LOG = LoggerFactory.getLogger(RpcPeer.class);
    private static final int METHOD_NOT_FOUND = -32601;

    private final McpTransport transport;
    private final Function<String, Optional<JsonNode>> asked;
    private final ConcurrentHashMap<Long, Waiting> waiting = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile @Nullable String ended;

    /// Somebody who waits for an answer.
    private record Waiting(CompletableFuture<JsonNode> answer, Consumer<ToolProgress> progress) {}

    /// @param asked answers the server's questions by method; empty for those it has no answer to
    RpcPeer(McpTransport transport, Function<String, Optional<JsonNode>> asked) {
        this.transport = transport;
        this.asked = asked;
    }

    /// Why the server is gone; empty while it is there.
    Optional<String> ended() {
        return Optional.ofNullable(ended);
    }

    /// Asks and waits for the answer.
    ///
    /// @throws Failure UPSTREAM_UNAVAILABLE where the server is gone, UPSTREAM_TIMEOUT where it
    ///     takes too long, UPSTREAM_ERROR with its own words where it refuses
    JsonNode ask(String method, ObjectNode params, Duration limit, Consumer<ToolProgress> progress)
            throws InterruptedException {
        long number = numbers.incrementAndGet();
        Waiting one = new Waiting(new CompletableFuture<>(), progress);
        waiting.put(number, one);
        try {
            params.withObjectProperty("_meta").put("progressToken", number);
            send(message(method, params).put("id", number));
            // it may have ended before it could know of this question
            ended().ifPresent(why -> one.answer().completeExceptionally(gone(why)));
            return one.answer().get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            tellCancelled(number, "the caller has stopped");
            throw stopped;
        } catch (TimeoutException late) {
            tellCancelled(number, "it took too long");
            throw new Failure(
                    FailureCode.UPSTREAM_TIMEOUT,
                    "The MCP server has not answered " + method + " within " + limit + ".",
                    late);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Failure told
                    ? told
                    : new IllegalStateException("the caller cannot take progress", failed);
        } finally {
            waiting.remove(number);
        }
    }

    /// Says something that has no answer.
    void tell(String method, ObjectNode params) {
        send(message(method, params));
    }

    /// Aside: a server that takes nothing must not hold the caller.
    private void tellCancelled(long number, String why) {
        ObjectNode params = JSON.createObjectNode().put("requestId", number).put("reason", why);
        sendAside(message("notifications/cancelled", params));
    }

    /// Does not wait for a server that takes nothing; one that is gone need not hear it.
    private void sendAside(ObjectNode message) {
        Thread.ofVirtual()
                .name("mcp-aside")
                .start(
                        () -> {
                            try {
                                send(message);
                            } catch (Failure gone) {
                                LOG.debug("nobody is there to be told", gone);
                            }
                        });
    }

    private static ObjectNode message(String method, ObjectNode params) {
        ObjectNode message = JSON.createObjectNode().put("jsonrpc", "2.0").put("method", method);
        message.set("params", params);
        return message;
    }

    private void send(ObjectNode message) {
        try {
            transport.send(outgoing(message));
        } catch (IOException broken) {
            throw new Failure(
                    FailureCode.UPSTREAM_UNAVAILABLE,
                    "The MCP server is gone: " + ended().orElse("it takes nothing any more") + ".",
                    broken);
        }
    }

    private static Outgoing outgoing(ObjectNode message) throws JsonProcessingException {
        JsonNode params = message.path("params");
        return new Outgoing(
                JSON.writeValueAsString(message),
                message.has("method") && message.has("id")
                        ? OptionalLong.of(message.path("id").asLong())
                        : OptionalLong.empty(),
                Optional.ofNullable(message.path("method").textValue()),
                Optional.ofNullable(params.path("name").textValue())
                        .or(() -> Optional.ofNullable(params.path("uri").textValue())));
    }

    @Override
    public void received(String text) {
        JsonNode message;
        try {
            message = JSON.readTree(text);
        } catch (JsonProcessingException noise) {
            LOG.warn("an MCP server says what is no JSON; it should log to its standard error");
            return;
        }
        boolean numbered = message.hasNonNull("id");
        if (message.path("method").isTextual()) {
            if (numbered) {
                answer(message.path("method").asText(), message.get("id"));
            } else {
                heard(message.path("method").asText(), message.path("params"));
            }
        } else if (numbered) {
            settle(message);
        }
    }

    private void settle(JsonNode message) {
        Waiting one = waiting.get(message.path("id").asLong());
        if (one == null) {
            return;
        }
        JsonNode error = message.path("error");
        if (error.isObject()) {
            String why = error.path("message").asText("no reason given");
            one.answer()
                    .completeExceptionally(
                            new McpRefusal(
                                            error.path("code").asInt(),
                                            why,
                                            error.path("data").toString())
                                    .failure());
        } else {
            one.answer().complete(message.path("result"));
        }
    }

    private void heard(String method, JsonNode params) {
        if (!method.equals("notifications/progress")) {
            return;
        }
        Waiting one = waiting.get(params.path("progressToken").asLong());
        if (one == null) {
            return;
        }
        JsonNode total = params.path("total");
        ToolProgress news =
                new ToolProgress(
                        params.path("progress").asDouble(),
                        total.isNumber()
                                ? OptionalDouble.of(total.asDouble())
                                : OptionalDouble.empty(),
                        Optional.ofNullable(params.path("message").textValue()));
        try {
            one.progress().accept(news);
        } catch (RuntimeException broken) {
            // one caller's mistake must not deafen all others
            one.answer().completeExceptionally(broken);
        }
    }

    /// Aside, for the server may take nothing until we have read on.
    private void answer(String method, JsonNode id) {
        ObjectNode message = JSON.createObjectNode().put("jsonrpc", "2.0");
        message.set("id", id);
        Optional<JsonNode> result = asked.apply(method);
        if (result.isPresent()) {
            message.set("result", result.get());
        } else {
            message.putObject("error")
                    .put("code", METHOD_NOT_FOUND)
                    .put("message", "This client does not know " + method + ".");
        }
        sendAside(message);
    }

    @Override
    public void lost(long id, String why) {
        Waiting one = waiting.get(id);
        if (one != null) {
            one.answer().completeExceptionally(gone(why));
        }
    }

    @Override
    public void ended(String why) {
        ended = why;
        waiting.values().forEach(one -> one.answer().completeExceptionally(gone(why)));
    }

    private static Failure gone(String why) {
        return new Failure(
                FailureCode.UPSTREAM_UNAVAILABLE, "The MCP server is gone: " + why + ".");
    }
}
