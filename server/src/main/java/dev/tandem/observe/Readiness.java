package dev.tandem.observe;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// How far the server is in its life. It only ever goes forward. Safe for use by many threads.
public final class Readiness {
    private final List<Consumer<State>> watchers = new CopyOnWriteArrayList<>();
    private volatile State state = State.STARTING;

    /// The stages of a server's life.
    public enum State {
        /// Not all of it is there yet.
        STARTING,
        /// New calls are welcome.
        READY,
        /// Calls in progress may end; new ones are refused.
        DRAINING
    }

    public State state() {
        return state;
    }

    public boolean isReady() {
        return state == State.READY;
    }

    /// Tells a watcher the state now and at every change.
    public synchronized void watch(Consumer<State> watcher) {
        watchers.add(watcher);
        watcher.accept(state);
    }

    /// Goes forward to a state; going back is without effect.
    public synchronized void reach(State next) {
        if (next.compareTo(state) > 0) {
            state = next;
            watchers.forEach(watcher -> watcher.accept(next));
        }
    }
}
