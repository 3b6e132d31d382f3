package dev.tandem.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.tool.ToolWatcher;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a server asks of us, each question on a thread of its own: people take their time, and the
/// server may take nothing until we have read on.
final class ServerQuestions {
    private static final Logger LOG = LoggerFactory.getLogger(ServerQuestions.class);
    private static final int AT_ONCE_MAX = 64;

    private final Answers answers;
    private final Consumer<ObjectNode> sender;
    private final ConcurrentHashMap<JsonNode, Asker> open = new ConcurrentHashMap<>();

    /// Finds answers.
    interface Answers {
        /// Answers one; blocks until somebody has.
        ///
        /// @param watcher of the call for whose sake it is asked
        /// @throws McpRefusal for an answer that is an error
        JsonNode to(String method, JsonNode params, Optional<ToolWatcher> watcher)
                throws McpRefusal;
    }

    /// A question that is open.
    private static final class Asker {
        private volatile @Nullable Thread thread;
        private volatile boolean withdrawn;
    }

    /// @param sender sends an answer; does nothing where the server is gone
    ServerQuestions(Answers answers, Consumer<ObjectNode> sender) {
        this.answers = answers;
        this.sender = sender;
    }

    void asked(String method, JsonNode id, JsonNode params, Optional<OpenCall> cause) {
        Asker asker = new Asker();
        Thread thread =
                Thread.ofVirtual()
                        .name("mcp-asked")
                        .unstarted(() -> answer(method, id, params, cause, asker));
        asker.thread = thread;
        if (open.size() < AT_ONCE_MAX && open.putIfAbsent(id, asker) == null) {
            cause.ifPresent(call -> call.beginAsking(thread));
            thread.start();
        } else {
            Thread.ofVirtual().name("mcp-asked").start(() -> sender.accept(tooMany(id)));
        }
    }

    private static ObjectNode tooMany(JsonNode id) {
        return RpcMessages.error(
                id, RpcMessages.INTERNAL, "This client answers " + AT_ONCE_MAX + " at once.");
    }

    private void answer(
            String method, JsonNode id, JsonNode params, Optional<OpenCall> cause, Asker asker) {
        ObjectNode message;
        try {
            Optional<ToolWatcher> watcher = cause.flatMap(OpenCall::watcher);
            message = RpcMessages.result(id, answers.to(method, params, watcher));
        } catch (McpRefusal refusal) {
            message = RpcMessages.error(id, refusal.code(), refusal.text());
        } catch (RuntimeException broken) {
            LOG.warn("a question of an MCP server, {}, cannot be answered", method, broken);
            message = RpcMessages.error(id, RpcMessages.INTERNAL, "This client has failed.");
        } finally {
            cause.ifPresent(call -> call.endAsking(Thread.currentThread()));
            open.remove(id, asker);
        }
        if (!asker.withdrawn) {
            // what interrupted the question must not stop its answer
            boolean _ = Thread.interrupted();
            sender.accept(message);
        }
    }

    /// The server does not ask any more.
    ///
    /// @return whether it has asked
    boolean withdrawn(JsonNode id) {
        Asker asker = open.get(id);
        if (asker == null) {
            return false;
        }
        asker.withdrawn = true;
        interrupt(asker);
        return true;
    }

    /// The server is gone.
    void ended() {
        open.values().forEach(ServerQuestions::interrupt);
    }

    private static void interrupt(Asker asker) {
        Thread thread = asker.thread;
        if (thread != null) {
            thread.interrupt();
        }
    }

    int size() {
        return open.size();
    }
}
