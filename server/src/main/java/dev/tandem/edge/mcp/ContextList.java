package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What all servers of a scope offer of one kind, in the order of the servers. A server that does
/// not come up is left out.
record ContextList(ToolSource source) {
    private static final Logger LOG = LoggerFactory.getLogger(ContextList.class);

    /// Something that a server offers.
    record Found(ToolServer server, ContextItem item) {
        /// Its description, as its server has it.
        ObjectNode described() {
            return Json.object(item.json()).orElseGet(Json::object);
        }
    }

    List<Found> all(ToolScope scope, ContextItem.Kind kind) throws InterruptedException {
        List<Callable<List<Found>>> questions = new ArrayList<>();
        for (ToolServer server : source.servers(scope)) {
            questions.add(() -> of(scope, server, kind));
        }
        List<Found> found = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<List<Found>> answer : threads.invokeAll(questions)) {
                found.addAll(answer.get());
            }
        } catch (ExecutionException unexpected) {
            throw new IllegalStateException(unexpected.getCause());
        }
        return List.copyOf(found);
    }

    private List<Found> of(ToolScope scope, ToolServer server, ContextItem.Kind kind)
            throws InterruptedException {
        try {
            return source.context(scope, server.id(), kind).stream()
                    .map(item -> new Found(server, item))
                    .toList();
        } catch (Failure notUp) {
            LOG.debug("{} does not tell its {}: {}", server.id(), kind, notUp.text());
            return List.of();
        }
    }
}
