package dev.tandem.toolbox;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;

/// Lets so many calls at once through to each server, in the order in which they came. Safe for use
/// by many threads.
final class ServerGates {
    private final int callsMax;
    private final ConcurrentMap<String, Gate> gates = new ConcurrentHashMap<>();

    ServerGates(int callsMax) {
        this.callsMax = callsMax;
    }

    /// A server's gate, and how many calls are at it or through it.
    private record Gate(Semaphore places, int calls) {
        Gate with(int more) {
            return new Gate(places, calls + more);
        }
    }

    /// A place at a server, to be left in the same method.
    @FunctionalInterface
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /// Waits for a place.
    Place enter(String server) throws InterruptedException {
        Gate gate =
                gates.compute(
                        server,
                        (_, known) ->
                                known == null
                                        ? new Gate(new Semaphore(callsMax, true), 1)
                                        : known.with(1));
        try {
            gate.places().acquire();
        } catch (InterruptedException stop) {
            forget(server);
            throw stop;
        }
        return () -> {
            gate.places().release();
            forget(server);
        };
    }

    private void forget(String server) {
        gates.computeIfPresent(server, (_, gate) -> gate.calls() == 1 ? null : gate.with(-1));
    }

    /// How many servers have calls.
    int size() {
        return gates.size();
    }
}
