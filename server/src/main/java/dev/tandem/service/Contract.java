package dev.tandem.service;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Message;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.rpc.RpcMethod.StreamingHandler;
import dev.tandem.rpc.RpcMethod.UnaryHandler;
import java.util.ArrayList;
import java.util.List;

/// Binds the methods of one service to the code that serves them, and fails at start where one is
/// forgotten.
final class Contract {
    private final ServiceDescriptor service;
    private final List<RpcMethod<?, ?>> bound = new ArrayList<>();

    Contract(FileDescriptor file, String service) {
        this.service = file.findServiceByName(service);
    }

    <Q extends Message, A extends Message> Contract unary(
            String method, Q request, A answer, UnaryHandler<Q, A> handler) {
        bound.add(new RpcMethod.Unary<>(descriptor(method), request, answer, handler));
        return this;
    }

    <Q extends Message, A extends Message> Contract streaming(
            String method, Q request, A answer, StreamingHandler<Q, A> handler) {
        bound.add(new RpcMethod.Streaming<>(descriptor(method), request, answer, handler));
        return this;
    }

    private MethodDescriptor descriptor(String name) {
        MethodDescriptor method = service.findMethodByName(name);
        if (method == null) {
            throw new IllegalStateException(service.getFullName() + " has no method " + name);
        }
        return method;
    }

    List<RpcMethod<?, ?>> methods() {
        if (bound.size() != service.getMethods().size()) {
            throw new IllegalStateException(
                    service.getFullName() + " has methods that nothing serves");
        }
        return List.copyOf(bound);
    }
}
