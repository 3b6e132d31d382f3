package dev.tandem.edge.listener;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.AnonymousInProcessSocketAddress;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The services on grpc-java's in-process server. Deadlines, contexts, cancellation and
/// interceptors are grpc-java's own; what crosses into it are messages as bytes.
final class GrpcCalls implements AutoCloseable {

    private static final RequestMarshaller REQUESTS = new RequestMarshaller();
    private static final ResponseMarshaller RESPONSES = new ResponseMarshaller();

    private final Server server;
    private final ManagedChannel channel;
    private final int messageBytesMax;

    GrpcCalls(
            List<ServerServiceDefinition> services,
            List<ServerInterceptor> interceptors,
            int messageBytesMax) {
        this.messageBytesMax = messageBytesMax;
        AnonymousInProcessSocketAddress address = new AnonymousInProcessSocketAddress();
        this.server = server(address, services, interceptors);
        this.channel =
                InProcessChannelBuilder.forAddress(address)
                        .directExecutor()
                        .maxInboundMessageSize(Integer.MAX_VALUE)
                        .build();
    }

    private static Server server(
            AnonymousInProcessSocketAddress address,
            List<ServerServiceDefinition> services,
            List<ServerInterceptor> interceptors) {
        InProcessServerBuilder builder =
                InProcessServerBuilder.forAddress(address)
                        .executor(
                                Executors.newThreadPerTaskExecutor(
                                        Thread.ofVirtual().name("grpc-", 0).factory()))
                        .addServices(services);
        interceptors.reversed().forEach(builder::intercept);
        builder.intercept(new CallerInterceptor());
        try {
            return builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the in-process gRPC server", e);
        }
    }

    /// A call that is not started yet.
    ClientCall<InputStream, ByteBuf> call(GrpcRequest request) {
        MethodDescriptor<InputStream, ByteBuf> method =
                MethodDescriptor.newBuilder(REQUESTS, RESPONSES)
                        .setType(MethodType.BIDI_STREAMING)
                        .setFullMethodName(request.method())
                        .build();
        return channel.newCall(method, CallOptions.DEFAULT.withAuthority(request.authority()));
    }

    int messageBytesMax() {
        return messageBytesMax;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        try {
            boolean ignored = server.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
