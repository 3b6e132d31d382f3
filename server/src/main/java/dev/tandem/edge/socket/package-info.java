/// The WebSocket: many subscriptions on one connection, each a call like those of the other wires.
@NullMarked
package dev.tandem.edge.socket;

import org.jspecify.annotations.NullMarked;
