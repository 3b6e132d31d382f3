package dev.tandem.edge.mcp;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What kinds of answers a client takes.
///
/// @param json one JSON document
/// @param events a stream of events
record Accepts(boolean json, boolean events) {
    static final String JSON = "application/json";
    static final String EVENTS = "text/event-stream";

    /// Reads the header `Accept`; a client that says nothing takes JSON.
    ///
    /// @throws RpcError where it takes neither
    static Accepts read(Optional<String> header) {
        if (header.isEmpty()) {
            return new Accepts(true, false);
        }
        boolean json = takes(header.get(), JSON);
        boolean events = takes(header.get(), EVENTS);
        if (!json && !events) {
            throw RpcError.notAcceptable(
                    "Send Accept: application/json, text/event-stream; was " + header.get() + ".");
        }
        return new Accepts(json, events);
    }

    private static boolean takes(String header, String type) {
        String family = type.substring(0, type.indexOf('/')) + "/*";
        return Stream.of(header.split(",", -1))
                .map(range -> range.split(";", -1)[0].strip().toLowerCase(Locale.ROOT))
                .anyMatch(
                        range -> range.equals(type) || range.equals(family) || range.equals("*/*"));
    }
}
