package dev.tandem.edge.listener;

import org.jspecify.annotations.Nullable;

/// Interrupts the thread that handles a request when its client leaves, and at no other time: never
/// before the handler has begun, never after it has ended.
final class HandlerWatch {

    private @Nullable Thread handler;
    private boolean clientLeft;

    synchronized void begin() {
        handler = Thread.currentThread();
        if (clientLeft) {
            handler.interrupt();
        }
    }

    /// Ends the watch and takes back an interrupt that the handler did not notice any more.
    synchronized void end() {
        handler = null;
        if (clientLeft) {
            Thread.interrupted();
        }
    }

    synchronized void clientLeft() {
        clientLeft = true;
        if (handler != null) {
            handler.interrupt();
        }
    }
}
