package dev.tandem.clients;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The two versions of the protocol by which tools ask a server for its services.
enum Reflection {
    V1 {
        @Override
        List<String> services(ManagedChannel channel, String key)
                throws InterruptedException, TimeoutException {
            Heard<io.grpc.reflection.v1.ServerReflectionResponse> heard = new Heard<>();
            StreamObserver<io.grpc.reflection.v1.ServerReflectionRequest> questions =
                    io.grpc.reflection.v1.ServerReflectionGrpc.newStub(channel)
                            .withInterceptors(Keys.sending(key))
                            .serverReflectionInfo(heard);
            questions.onNext(
                    io.grpc.reflection.v1.ServerReflectionRequest.newBuilder()
                            .setListServices("*")
                            .build());
            questions.onCompleted();
            return heard.first().getListServicesResponse().getServiceList().stream()
                    .map(service -> service.getName())
                    .toList();
        }
    },
    V1_ALPHA {
        @Override
        List<String> services(ManagedChannel channel, String key)
                throws InterruptedException, TimeoutException {
            Heard<io.grpc.reflection.v1alpha.ServerReflectionResponse> heard = new Heard<>();
            StreamObserver<io.grpc.reflection.v1alpha.ServerReflectionRequest> questions =
                    io.grpc.reflection.v1alpha.ServerReflectionGrpc.newStub(channel)
                            .withInterceptors(Keys.sending(key))
                            .serverReflectionInfo(heard);
            questions.onNext(
                    io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
                            .setListServices("*")
                            .build());
            questions.onCompleted();
            return heard.first().getListServicesResponse().getServiceList().stream()
                    .map(service -> service.getName())
                    .toList();
        }
    };

    /// The names of all services.
    ///
    /// @throws StatusRuntimeException where the server refuses
    abstract List<String> services(ManagedChannel channel, String key)
            throws InterruptedException, TimeoutException;

    private static final class Heard<A> implements StreamObserver<A> {
        private final CompletableFuture<A> first = new CompletableFuture<>();

        A first() throws InterruptedException, TimeoutException {
            try {
                return first.get(20, TimeUnit.SECONDS);
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof StatusRuntimeException status) {
                    throw status;
                }
                throw new IllegalStateException(failed);
            }
        }

        @Override
        public void onNext(A answer) {
            first.complete(answer);
        }

        @Override
        public void onError(Throwable failed) {
            first.completeExceptionally(failed);
        }

        @Override
        public void onCompleted() {
            first.completeExceptionally(new IllegalStateException("no answer"));
        }
    }
}
