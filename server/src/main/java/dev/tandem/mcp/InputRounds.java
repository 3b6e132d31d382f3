package dev.tandem.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.tool.ToolWatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Asks a server that may want to know something before it answers, and repeats the question with
/// what it wants. A stateless server says so in its answer, an older one by refusing.
final class InputRounds {
    private static final int ROUNDS_MAX = 10;
    private static final int QUESTIONS_MAX = 32;
    private static final int URL_ELICITATION_REQUIRED = -32042;

    /// Before a question is repeated with nothing but the server's own state.
    private static final long PAUSE_MILLIS = 250;

    private final RpcPeer peer;
    private final boolean stateless;
    private final RequestMeta meta;
    private final HostAnswers answers;

    InputRounds(RpcPeer peer, boolean stateless, RequestMeta meta, HostAnswers answers) {
        this.peer = peer;
        this.stateless = stateless;
        this.meta = meta;
        this.answers = answers;
    }

    /// @throws Failure as [RpcPeer#ask]; UPSTREAM_ERROR where the server is not told what it needs
    JsonNode ask(String method, ObjectNode params, ToolWatcher watcher)
            throws InterruptedException {
        return stateless ? rounds(method, params, watcher) : greeted(method, params, watcher);
    }

    private JsonNode rounds(String method, ObjectNode params, ToolWatcher watcher)
            throws InterruptedException {
        ObjectNode next = params;
        for (int round = 0; round < ROUNDS_MAX; round++) {
            JsonNode result =
                    peer.ask(RpcQuestion.watched(watcher, method, meta.sign(next.deepCopy())));
            String type = result.path("resultType").asText("complete");
            if (type.equals("complete")) {
                return result;
            }
            if (!type.equals("input_required")) {
                throw McpMessages.malformed(method, "a result of the unknown type '" + type + "'");
            }
            next = repeated(method, params, result, watcher);
        }
        throw new Failure(
                FailureCode.UPSTREAM_ERROR,
                "The MCP server still asks after %d rounds of %s.".formatted(ROUNDS_MAX, method));
    }

    private ObjectNode repeated(
            String method, ObjectNode params, JsonNode result, ToolWatcher watcher)
            throws InterruptedException {
        ObjectNode again = params.deepCopy();
        JsonNode state = result.path("requestState");
        JsonNode wanted = result.path("inputRequests");
        if (state.isTextual()) {
            again.set("requestState", state);
        } else if (wanted.isEmpty()) {
            throw McpMessages.malformed(method, "input_required, and says not what");
        }
        if (wanted.isEmpty()) {
            Thread.sleep(PAUSE_MILLIS);
            return again;
        }
        if (wanted.size() > QUESTIONS_MAX) {
            throw McpMessages.malformed(method, "more than " + QUESTIONS_MAX + " questions");
        }
        ObjectNode responses = again.putObject("inputResponses");
        for (Map.Entry<String, JsonNode> one : wanted.properties()) {
            responses.set(one.getKey(), answer(one.getValue(), watcher));
        }
        return again;
    }

    private JsonNode answer(JsonNode request, ToolWatcher watcher) throws InterruptedException {
        try {
            return aside(
                    () ->
                            answers.to(
                                    request.path("method").asText(),
                                    request.path("params"),
                                    Optional.of(watcher)));
        } catch (ExecutionException refused) {
            throw new Failure(
                    FailureCode.UPSTREAM_ERROR,
                    "The MCP server does not get the answer that it needs to go on: "
                            + reason(refused),
                    refused);
        }
    }

    private static String reason(ExecutionException refused) {
        return refused.getCause() instanceof McpRefusal refusal
                ? refusal.text()
                : "the question cannot be asked.";
    }

    private JsonNode greeted(String method, ObjectNode params, ToolWatcher watcher)
            throws InterruptedException {
        try {
            return peer.ask(RpcQuestion.watched(watcher, method, params.deepCopy()));
        } catch (Failure refused) {
            List<ToolQuestion.Page> pages = pages(refused);
            for (ToolQuestion.Page page : pages) {
                visit(page, watcher, refused);
            }
            if (pages.isEmpty()) {
                throw refused;
            }
        }
        return peer.ask(RpcQuestion.watched(watcher, method, params.deepCopy()));
    }

    private static List<ToolQuestion.Page> pages(Failure refused) {
        Optional<McpRefusal> refusal =
                McpRefusal.of(refused).filter(why -> why.code() == URL_ELICITATION_REQUIRED);
        List<ToolQuestion.Page> pages = new ArrayList<>();
        if (refusal.isPresent()) {
            for (JsonNode one : refusal.get().data().path("elicitations")) {
                try {
                    pages.add(HostAnswers.page(one));
                } catch (McpRefusal noPage) {
                    return List.of();
                }
            }
        }
        return pages.size() > QUESTIONS_MAX ? List.of() : pages;
    }

    private void visit(ToolQuestion.Page page, ToolWatcher watcher, Failure refused)
            throws InterruptedException {
        try {
            ToolReply reply = aside(() -> answers.visited(page, Optional.of(watcher)));
            if (reply.action() == ToolReply.Action.ACCEPT) {
                return;
            }
        } catch (ExecutionException failed) {
            refused.addSuppressed(failed);
        }
        throw new Failure(
                FailureCode.UPSTREAM_ERROR,
                "The MCP server wants a page to be visited first, and nobody has: " + page.url(),
                refused);
    }

    /// Lets another thread ask, as whoever answers may rely on.
    private static <T> T aside(Callable<T> question)
            throws InterruptedException, ExecutionException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread asker =
                Thread.ofVirtual()
                        .name("mcp-asked")
                        .start(
                                () -> {
                                    try {
                                        answer.complete(question.call());
                                    } catch (Exception failed) {
                                        answer.completeExceptionally(failed);
                                    }
                                });
        try {
            return answer.get();
        } catch (InterruptedException stopped) {
            asker.interrupt();
            throw stopped;
        }
    }
}
