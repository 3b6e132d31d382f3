package dev.tandem.mcp.oauth;

import dev.tandem.secret.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What lets us in.
///
/// @param access sent with every request
/// @param refresh buys the next ones; empty for none
/// @param expiresAt when `access` does; empty where nobody said
/// @param scopes what they allow
record Tokens(
        Secret access,
        Optional<Secret> refresh,
        Instant issuedAt,
        Optional<Instant> expiresAt,
        Scopes scopes) {

    /// Whether they last this much longer, or half of their life if that is less.
    boolean last(Duration more, Instant now) {
        return expiresAt.map(end -> now.plus(atMostHalf(more, end)).isBefore(end)).orElse(true);
    }

    private Duration atMostHalf(Duration more, Instant end) {
        Duration half = Duration.between(issuedAt, end).dividedBy(2);
        return more.compareTo(half) < 0 ? more : half;
    }

    /// The same with an earlier refresh token where they have none of their own.
    Tokens orRefreshedBy(Secret earlier) {
        return new Tokens(
                access, refresh.or(() -> Optional.of(earlier)), issuedAt, expiresAt, scopes);
    }
}
