package dev.tandem.hub;

import dev.tandem.failure.FailureCode;
import dev.tandem.tool.ToolServer.Transport;
import java.time.Duration;

/// Sees what becomes of servers, for metrics. Must not block or fail.
public interface HubObserver {
    /// Sees nothing.
    HubObserver NONE = new HubObserver() {};

    /// A server has come up.
    default void started(Transport transport, Duration took) {}

    /// A server did not come up.
    default void failed(Transport transport, FailureCode code) {}

    /// A server was lost: it died, or forgot us.
    default void lost(Transport transport) {}

    /// A server was stopped by us.
    default void stopped(Transport transport, Stop why) {}

    /// Why a server was stopped.
    enum Stop {
        /// Nobody had used it for a while.
        IDLE,
        /// Another needed its place.
        EVICTED,
        /// Somebody asked for a new start.
        RESTARTED,
        /// It was removed or declared otherwise.
        RETIRED,
        /// This server stops.
        CLOSED
    }
}
