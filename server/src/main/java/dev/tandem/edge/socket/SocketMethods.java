package dev.tandem.edge.socket;

import com.google.protobuf.Message;
import dev.tandem.edge.json.ProtoJson;
import dev.tandem.edge.json.ProtoJson.Nulls;
import dev.tandem.rpc.RpcMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The methods of the contract that a message can call, by the type of the message.
final class SocketMethods {
    private static final String REQUEST = "request";

    private static final Map<String, String> CALLS =
            Map.of(
                    "chat", "tandem.v1.ChatService/StreamChatCompletion",
                    "watch_run", "tandem.v1.ChatService/WatchRun",
                    "watch_session", "tandem.v1.SessionService/WatchSession",
                    "cancel", "tandem.v1.ChatService/CancelRun");

    private final Map<String, RpcMethod<?, ?>> byType = new LinkedHashMap<>();

    /// @param methods all methods of the contract; what is not served cannot be called
    SocketMethods(List<RpcMethod<?, ?>> methods) {
        CALLS.forEach(
                (type, name) ->
                        methods.stream()
                                .filter(method -> method.fullName().equals(name))
                                .findFirst()
                                .ifPresent(method -> byType.put(type, method)));
    }

    Optional<RpcMethod<?, ?>> of(String type) {
        return Optional.ofNullable(byType.get(type));
    }

    /// The types of messages that call something.
    Set<String> types() {
        return byType.keySet();
    }

    /// Reads the request that a message holds. One of `chat` has a field of its own for it; others
    /// have its fields.
    ///
    /// @throws dev.tandem.failure.Failure INVALID_REQUEST
    @SuppressWarnings("unchecked") // a builder of an empty request builds requests of its type
    static <Q extends Message> Q request(ClientMessage message, RpcMethod<Q, ?> method) {
        byte[] json = message.type().equals("chat") ? message.only(REQUEST) : message.fields();
        Message.Builder request = method.emptyRequest().newBuilderForType();
        ProtoJson.read(json, request, Nulls.ABSENT);
        return (Q) request.build();
    }
}
