package dev.tandem.edge.listener;

import dev.tandem.edge.listener.probe.ProbeResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Collects the answer to a streaming call.
final class Answer implements StreamObserver<ProbeResponse> {

    private final List<ProbeResponse> messages = new ArrayList<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private final CompletableFuture<Status> end = new CompletableFuture<>();

    @Override
    public synchronized void onNext(ProbeResponse message) {
        messages.add(message);
        first.countDown();
    }

    @Override
    public void onError(Throwable failure) {
        end.complete(Status.fromThrowable(failure));
        first.countDown();
    }

    @Override
    public void onCompleted() {
        end.complete(Status.OK);
        first.countDown();
    }

    void awaitFirst() throws InterruptedException {
        boolean ignored = first.await(5, TimeUnit.SECONDS);
    }

    Status awaitEnd() throws InterruptedException, ExecutionException, TimeoutException {
        return end.get(8, TimeUnit.SECONDS);
    }

    boolean hasEnded() {
        return end.isDone();
    }

    synchronized List<ProbeResponse> messages() {
        return List.copyOf(messages);
    }
}
