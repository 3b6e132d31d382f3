package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Clients without a session that listen for changes. None is told so far: no server tells us.
final class Listeners {
    private final Set<Turn> turns = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    void add(Turn turn) {
        turns.add(turn);
        if (stopped) {
            end(turn);
        }
    }

    void remove(Turn turn) {
        turns.remove(turn);
    }

    /// Lets all go: the server stops.
    void stop() {
        stopped = true;
        turns.forEach(Listeners::end);
    }

    private static void end(Turn turn) {
        turn.answer(subscribed(turn).put("resultType", "complete"));
    }

    /// An object that says whose subscription it belongs to.
    static ObjectNode subscribed(Turn turn) {
        ObjectNode object = Json.object();
        object.putObject("_meta").set("io.modelcontextprotocol/subscriptionId", turn.id());
        return object;
    }
}
