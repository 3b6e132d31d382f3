package dev.tandem.mcp;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.failure.Failure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A call on a thread of its own.
final class Running<T> {
    private static final long SOON_SECONDS = 10;

    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private final Thread thread;

    interface Call<T> {
        T now() throws Exception;
    }

    private Running(Call<T> call) {
        thread =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        answer.complete(call.now());
                                    } catch (Exception failed) {
                                        answer.completeExceptionally(failed);
                                    }
                                });
    }

    static <T> Running<T> begun(Call<T> call) {
        return new Running<>(call);
    }

    void interrupt() {
        thread.interrupt();
    }

    T get() throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(SOON_SECONDS, TimeUnit.SECONDS);
    }

    /// What it has failed with.
    <E extends Exception> E failure(Class<E> type) {
        ExecutionException failed = assertThrows(ExecutionException.class, this::get);
        return assertInstanceOf(type, failed.getCause());
    }

    Failure failure() {
        return failure(Failure.class);
    }
}
