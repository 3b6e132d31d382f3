package dev.tandem.testing;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.rpc.Sink;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.McpServer;
import dev.tandem.v1.Model;
import dev.tandem.v1.Project;
import dev.tandem.v1.Session;
import dev.tandem.v1.Usage;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Every method of the contract, answered as a test says; unless it says something, with an empty
/// answer. Remembers what it was asked.
public final class FakeContract {
    private final Map<String, Answers> unary = new ConcurrentHashMap<>();
    private final Map<String, Events> streams = new ConcurrentHashMap<>();
    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();

    /// What a method was asked.
    public record Asked(String method, Call call, Message request) {}

    /// Answers a unary method.
    public interface Answers {
        Message answer(Call call, Message request) throws InterruptedException;
    }

    /// Answers a streaming method.
    public interface Events {
        void answer(Call call, Message request, Sink<Message> sink) throws InterruptedException;
    }

    public FakeContract answer(String method, Answers answers) {
        unary.put(method, answers);
        return this;
    }

    public FakeContract stream(String method, Events events) {
        streams.put(method, events);
        return this;
    }

    /// What was asked last.
    public Asked last() {
        return asked.stream().reduce((_, second) -> second).orElseThrow();
    }

    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    public void forget() {
        asked.clear();
    }

    public List<RpcMethod<?, ?>> methods() {
        return Stream.of(
                        ChatCompletionRequest.getDescriptor(),
                        McpServer.getDescriptor(),
                        Model.getDescriptor(),
                        Project.getDescriptor(),
                        Session.getDescriptor(),
                        Usage.getDescriptor())
                .map(type -> type.getFile())
                .flatMap(FakeContract::methodsOf)
                .<RpcMethod<?, ?>>map(this::method)
                .toList();
    }

    private static Stream<MethodDescriptor> methodsOf(FileDescriptor file) {
        return file.getServices().stream().flatMap(service -> service.getMethods().stream());
    }

    private RpcMethod<?, ?> method(MethodDescriptor method) {
        Message request = empty(method.getInputType().getName());
        Message answer = empty(method.getOutputType().getName());
        String name = method.getName();
        if (method.isServerStreaming()) {
            return new RpcMethod.Streaming<>(
                    method,
                    request,
                    answer,
                    (call, question, sink) -> {
                        asked.add(new Asked(name, call, question));
                        Events events = streams.get(name);
                        if (events != null) {
                            events.answer(call, question, sink);
                        }
                    });
        }
        return new RpcMethod.Unary<>(
                method,
                request,
                answer,
                (call, question) -> {
                    asked.add(new Asked(name, call, question));
                    @Nullable Answers answers = unary.get(name);
                    return answers == null ? answer : answers.answer(call, question);
                });
    }

    private static Message empty(String name) {
        try {
            return (Message)
                    Class.forName("dev.tandem.v1." + name)
                            .getMethod("getDefaultInstance")
                            .invoke(null);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
