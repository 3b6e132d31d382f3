package dev.tandem.edge.socket;

import org.jspecify.annotations.Nullable;

/// Interrupts the thread of a subscription that is left, but never inside of a write, where an
/// interrupt would close the socket for all the others: then it comes after the write.
final class Leaving {
    private @Nullable Thread thread;
    private boolean left;
    private boolean writing;

    /// Something to send.
    interface Write {
        void run() throws InterruptedException;
    }

    /// The calling thread can be interrupted from now on.
    synchronized void begin() {
        thread = Thread.currentThread();
        if (left) {
            thread.interrupt();
        }
    }

    /// Ends that, and takes back an interrupt that nobody noticed any more.
    synchronized void end() {
        thread = null;
        if (left) {
            Thread.interrupted();
        }
    }

    synchronized void leave() {
        left = true;
        if (thread != null && !writing) {
            thread.interrupt();
        }
    }

    synchronized boolean isLeft() {
        return left;
    }

    /// Writes, unless the subscription was left.
    void write(Write write) throws InterruptedException {
        beginWrite();
        try {
            write.run();
        } finally {
            endWrite();
        }
    }

    private synchronized void beginWrite() throws InterruptedException {
        if (left) {
            throw new InterruptedException("The subscription was left.");
        }
        writing = true;
    }

    private synchronized void endWrite() {
        writing = false;
        if (left) {
            Thread.currentThread().interrupt();
        }
    }
}
