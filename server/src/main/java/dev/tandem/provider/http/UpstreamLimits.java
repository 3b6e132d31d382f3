package dev.tandem.provider.http;

import java.time.Duration;

/// How long an exchange may take.
///
/// @param headers from sending the request to the first line of the answer
/// @param idle between two pieces of the answer, while somebody waits for one
/// @param total for the whole exchange
public record UpstreamLimits(Duration headers, Duration idle, Duration total) {
    public UpstreamLimits {
        check("headers", headers);
        check("idle", idle);
        check("total", total);
    }

    private static void check(String name, Duration limit) {
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException(name + " must be more than 0, was " + limit);
        }
    }
}
