package dev.tandem.plugin;

import dev.tandem.id.Ids;
import dev.tandem.tool.ToolScope;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;

/// For whom the tests call, and when.
final class Scopes {
    static final Instant NOW = Instant.parse("2026-11-29T07:00:00Z");
    static final InstantSource CLOCK = InstantSource.fixed(NOW);

    static final ToolScope PROJECT =
            new ToolScope(
                    "acme",
                    "phone",
                    false,
                    Optional.of("proj_1"),
                    Optional.of("sess_1"),
                    Optional.empty());

    private Scopes() {}

    static Ids ids() {
        return new Ids(CLOCK, new Random(7));
    }
}
