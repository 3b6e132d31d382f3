package dev.tandem.edge.grpc;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import dev.tandem.id.Ids;
import dev.tandem.rpc.DescribedFiles;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Offers the methods of the contract as grpc-java services.
public final class GrpcEdge {
    private final Pipeline pipeline;
    private final Ids ids;
    private final Serving serving;
    private final DescribedFiles files;

    public GrpcEdge(Pipeline pipeline, Ids ids, DescribedFiles files) {
        this.files = files;
        this.pipeline = pipeline;
        this.ids = ids;
        this.serving = new Serving();
    }

    /// Every service: those of `methods`, health, and reflection in both its versions.
    ///
    /// @param reflection whether to offer reflection, which works on grpc-java's own server only
    public List<ServerServiceDefinition> services(
            List<RpcMethod<?, ?>> methods, boolean reflection) {
        Map<String, List<RpcMethod<?, ?>>> byService = new LinkedHashMap<>();
        for (RpcMethod<?, ?> method : methods) {
            String service = method.descriptor().getService().getFullName();
            byService.computeIfAbsent(service, _ -> new ArrayList<>()).add(method);
        }
        List<ServerServiceDefinition> services = new ArrayList<>();
        byService.forEach((name, bound) -> services.add(service(name, bound)));
        serving.add(byService.keySet());
        services.add(
                ServerInterceptors.intercept(
                        serving.service(),
                        new StandardServices(pipeline, ids, RpcMethod.Access.OPEN)));
        if (reflection) {
            services.addAll(reflection());
        }
        return services;
    }

    /// Tells health watchers whether the server takes calls.
    public void serving(boolean takesCalls) {
        serving.set(takesCalls);
    }

    private ServerServiceDefinition service(String name, List<RpcMethod<?, ?>> methods) {
        List<ServerMethodDefinition<?, ?>> bound = new ArrayList<>();
        for (RpcMethod<?, ?> method : methods) {
            bound.add(bind(method));
        }
        FileDescriptor file = files.file(name);
        ProtoFileDescriptorSupplier schema = () -> file;
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(name).setSchemaDescriptor(schema);
        bound.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder service =
                ServerServiceDefinition.builder(descriptor.build());
        bound.forEach(service::addMethod);
        return service.build();
    }

    private <Q extends Message, A extends Message> ServerMethodDefinition<Q, A> bind(
            RpcMethod<Q, A> method) {
        MethodType type =
                switch (method) {
                    case RpcMethod.Unary<Q, A> _ -> MethodType.UNARY;
                    case RpcMethod.Streaming<Q, A> _ -> MethodType.SERVER_STREAMING;
                };
        MethodDescriptor<Q, A> descriptor =
                MethodDescriptor.<Q, A>newBuilder()
                        .setType(type)
                        .setFullMethodName(method.fullName())
                        .setRequestMarshaller(ProtoUtils.marshaller(method.emptyRequest()))
                        .setResponseMarshaller(ProtoUtils.marshaller(method.emptyAnswer()))
                        .build();
        return ServerMethodDefinition.create(
                descriptor,
                (wire, headers) -> new GrpcCall<>(wire, headers, method, pipeline, ids).accept());
    }

    /// Clients of the older version are many: grpcurl before 1.9, Postman.
    @SuppressWarnings("deprecation")
    private List<ServerServiceDefinition> reflection() {
        StandardServices keyed = new StandardServices(pipeline, ids, RpcMethod.Access.KEY);
        return List.of(
                ServerInterceptors.intercept(
                        ProtoReflectionServiceV1.newInstance().bindService(), keyed),
                ServerInterceptors.intercept(
                        io.grpc.protobuf.services.ProtoReflectionService.newInstance()
                                .bindService(),
                        keyed));
    }
}
