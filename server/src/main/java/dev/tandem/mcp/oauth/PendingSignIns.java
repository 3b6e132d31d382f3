package dev.tandem.mcp.oauth;

import dev.tandem.failure.Failure;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Sign-ins under way, each under a state that is good once and not for long. They do not survive
/// a restart; whoever is signing in then begins again. Safe for use by many threads.
final class PendingSignIns {
    private final OAuthSettings settings;
    private final Clock clock;
    private final RandomText random;
    private final Map<String, PendingSignIn> byState = new LinkedHashMap<>();

    PendingSignIns(OAuthSettings settings, Clock clock, RandomText random) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
    }

    /// Remembers a sign-in; the oldest of an owner who has too many ends.
    ///
    /// @return its state
    /// @throws Failure OVERLOADED where all owners together have too many
    synchronized String add(PendingSignIn pending) {
        forgetOld();
        List<String> same =
                byState.entrySet().stream()
                        .filter(entry -> entry.getValue().owner().equals(pending.owner()))
                        .map(Map.Entry::getKey)
                        .toList();
        if (same.size() >= settings.signInsMax() / 10) {
            byState.remove(same.getFirst());
        }
        if (byState.size() >= settings.signInsMax()) {
            throw PendingSignIn.tooMany();
        }
        String state = random.next();
        byState.put(state, pending);
        return state;
    }

    /// The sign-in of a state, which is good no longer.
    ///
    /// @throws Failure INVALID_REQUEST where there is none
    synchronized PendingSignIn take(String state) {
        forgetOld();
        PendingSignIn pending = byState.remove(state);
        if (pending == null) {
            throw Failure.invalid(
                    "state",
                    "state belongs to no sign-in: it was used, or is older than "
                            + settings.signInMax().toMinutes()
                            + " min; begin again.");
        }
        return pending;
    }

    synchronized void forget(TokenOwner owner, String serverId) {
        byState.values()
                .removeIf(
                        pending ->
                                pending.owner().equals(owner)
                                        && pending.server().id().equals(serverId));
    }

    private void forgetOld() {
        Instant oldest = clock.instant().minus(settings.signInMax());
        byState.values().removeIf(pending -> !pending.startedAt().isAfter(oldest));
    }
}
