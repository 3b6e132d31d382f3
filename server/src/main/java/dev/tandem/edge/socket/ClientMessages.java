package dev.tandem.edge.socket;

import com.google.protobuf.Message;
import dev.tandem.edge.rest.Refusals;
import dev.tandem.failure.Failure;
import dev.tandem.id.Ids;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.rpc.RpcMethod.Access;
import dev.tandem.rpc.Wire;
import java.util.Optional;
import java.util.TreeSet;

/// Does what the messages of one WebSocket ask for, one after the other. What is wrong with one is
/// told, and goes through the pipeline before, so that it is counted.
final class ClientMessages {
    private static final int TYPE_SHOWN_MAX = 40;

    private final SocketMethods methods;
    private final Pipeline pipeline;
    private final Subscriptions subscriptions;
    private final FrameWriter writer;
    private final Ids ids;
    private final Call.Origin origin;

    ClientMessages(
            SocketMethods methods,
            Pipeline pipeline,
            Subscriptions subscriptions,
            FrameWriter writer,
            Ids ids,
            Call.Origin origin) {
        this.methods = methods;
        this.pipeline = pipeline;
        this.subscriptions = subscriptions;
        this.writer = writer;
        this.ids = ids;
        this.origin = origin;
    }

    /// Does what a message asks for, or says why not.
    ///
    /// @throws InterruptedException when the client has left
    void act(byte[] utf8) throws InterruptedException {
        ClientMessage message = new ClientMessage();
        Call call = new Call(ids.request(), Wire.WEBSOCKET, origin);
        try {
            Optional<RpcMethod<?, ?>> method = understood(message, utf8, call);
            if (method.isPresent()) {
                begin(method.get(), message, call);
            } else if (message.type().equals("close")) {
                subscriptions.leave(message.requiredId());
            } else {
                writer.send(Frames.text(ServerMessage.pong(message.id())));
            }
        } catch (Failure failure) {
            writer.send(
                    Frames.text(ServerMessage.error(ownId(message), failure, call.requestId())));
        }
    }

    /// The id to answer a wrong message with: never the one of a stream, whose end it would seem.
    private Optional<String> ownId(ClientMessage message) {
        return message.id().filter(id -> !subscriptions.hasStream(id));
    }

    /// Reads a message.
    ///
    /// @return the method that it calls; empty for `close` and `ping`
    private Optional<RpcMethod<?, ?>> understood(ClientMessage message, byte[] utf8, Call call) {
        try {
            message.read(utf8);
            return method(message);
        } catch (Failure failure) {
            return pipeline.serve(
                    call,
                    SocketEdge.LABEL,
                    Access.KEY,
                    () -> {
                        throw failure;
                    });
        }
    }

    private Optional<RpcMethod<?, ?>> method(ClientMessage message) {
        String type = message.type();
        if (!type.equals("ping")) {
            message.requiredId();
        }
        if (type.equals("ping") || type.equals("close")) {
            message.refuseFields();
            return Optional.empty();
        }
        return Optional.of(methods.of(type).orElseThrow(() -> unknown(type)));
    }

    private Failure unknown(String type) {
        TreeSet<String> types = new TreeSet<>(methods.types());
        types.add("close");
        types.add("ping");
        String list = String.join(", ", types);
        String shown =
                type.length() <= TYPE_SHOWN_MAX ? type : type.substring(0, TYPE_SHOWN_MAX) + "…";
        return Failure.invalid("type", "type must be one of " + list + ", was '" + shown + "'.");
    }

    private <Q extends Message, A extends Message> void begin(
            RpcMethod<Q, A> method, ClientMessage message, Call call) throws InterruptedException {
        String id = message.requiredId();
        try {
            if (method instanceof RpcMethod.Streaming<?, ?> && subscriptions.hasStream(id)) {
                throw Failure.invalid(
                        "id", "id is the one of a subscription that is open: " + id + ".");
            }
            subscriptions.open(id, call, method, SocketMethods.request(message, method));
        } catch (Failure failure) {
            throw Refusals.of(pipeline, call, method, failure);
        }
    }
}
