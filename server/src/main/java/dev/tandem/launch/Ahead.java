package dev.tandem.launch;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Something that is made on a thread of its own while its owner makes something else.
final class Ahead<T> {
    private final FutureTask<T> making;

    private Ahead(FutureTask<T> making) {
        this.making = making;
    }

    static <T> Ahead<T> make(String name, Callable<T> maker) {
        FutureTask<T> making = new FutureTask<>(maker);
        Thread.ofPlatform().daemon().name(name).start(making);
        return new Ahead<>(making);
    }

    /// Waits for it. What its maker has thrown is thrown here.
    T get() {
        try {
            return making.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException problem) {
                throw problem;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", stop);
        }
    }
}
