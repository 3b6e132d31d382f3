package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.hub.Connector.Opening;
import dev.tandem.tool.ToolServer.Transport;
import java.util.function.Supplier;

/// How a server is started.
///
/// @param transport how it will be reached
/// @param check looks once more, right before the start, whether it is declared and trusted as it
///     was, and fills in its variables; fails with a [Failure]
record Start(Transport transport, Supplier<Prepared> check) {
    /// All that is needed for it.
    record Prepared(Opening opening, Masks masks) {}
}
