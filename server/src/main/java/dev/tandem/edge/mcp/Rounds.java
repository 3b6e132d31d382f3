package dev.tandem.edge.mcp;

import dev.tandem.auth.Caller;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Calls that wait for their client to send its request again, by the state that it must send with
/// it. A state is good once, for the same key and the same request. Safe for use by many threads.
final class Rounds {
    private final Tokens tokens;
    private final int tenantMax;
    private final Map<Round, Origin> origins = new ConcurrentHashMap<>();
    private final Map<String, Round> parked = new ConcurrentHashMap<>();

    /// What a request must have in common with the first of its call.
    ///
    /// @param request a hash of its method and parameters
    record Origin(Caller caller, String request) {}

    /// @param tenantMax how many calls of one tenant may wait
    Rounds(Tokens tokens, int tenantMax) {
        this.tokens = tokens;
        this.tenantMax = tenantMax;
    }

    void began(Round round, Origin origin) {
        origins.put(round, origin);
    }

    void ended(Round round) {
        origins.remove(round);
    }

    /// A call begins to wait.
    ///
    /// @return the state for its client; empty where too many wait already, or it has ended
    synchronized Optional<String> park(Round round) {
        Origin origin = origins.get(round);
        if (origin == null || waiting(origin.caller().tenant()) >= tenantMax) {
            return Optional.empty();
        }
        String state = tokens.next();
        parked.put(state, round);
        return Optional.of(state);
    }

    private long waiting(String tenant) {
        return parked.values().stream()
                .map(origins::get)
                .filter(origin -> origin != null && origin.caller().tenant().equals(tenant))
                .count();
    }

    /// Takes the call that a state stands for, which counts no longer.
    ///
    /// @throws RpcError INVALID_PARAMS where it stands for none of this caller's and request's
    synchronized Round take(String state, Origin origin) {
        Round round = parked.get(state);
        if (round == null || !origin.equals(origins.get(round))) {
            throw RpcError.invalidParams(
                    "requestState is none of this request's, or no longer; send the request"
                            + " without it.");
        }
        parked.remove(state);
        return round;
    }

    /// A state counts no longer.
    ///
    /// @return false where it was taken before
    synchronized boolean drop(String state) {
        return parked.remove(state) != null;
    }

    /// Stops the calls that wait.
    void stop() {
        List.copyOf(parked.values()).forEach(Round::stop);
    }
}
