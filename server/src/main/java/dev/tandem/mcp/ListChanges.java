package dev.tandem.mcp;

import dev.tandem.mcp.McpHost.Kind;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Tells of changed lists once it is quiet, or when it has not become quiet for a while.
final class ListChanges {
    private static final long QUIET_MILLIS = 200;
    private static final int WAITS_MAX = 5;

    private final Executor later;
    private final Consumer<Kind> told;
    private final Set<Kind> waiting = EnumSet.noneOf(Kind.class);
    private final Set<Kind> again = EnumSet.noneOf(Kind.class);

    /// @param later runs a task after a short while
    ListChanges(Executor later, Consumer<Kind> told) {
        this.later = later;
        this.told = told;
    }

    /// Runs a task after 200 ms.
    static Executor soon() {
        return CompletableFuture.delayedExecutor(
                QUIET_MILLIS,
                TimeUnit.MILLISECONDS,
                task -> Thread.ofVirtual().name("mcp-changes").start(task));
    }

    synchronized void changed(Kind kind) {
        if (waiting.add(kind)) {
            later.execute(() -> look(kind, 1));
        } else {
            again.add(kind);
        }
    }

    private void look(Kind kind, int waits) {
        synchronized (this) {
            if (again.remove(kind) && waits < WAITS_MAX) {
                later.execute(() -> look(kind, waits + 1));
                return;
            }
            waiting.remove(kind);
        }
        told.accept(kind);
    }
}
