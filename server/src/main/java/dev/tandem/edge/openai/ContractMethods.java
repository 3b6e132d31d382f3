package dev.tandem.edge.openai;

import com.google.protobuf.Message;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.v1.ChatCompletion;
import dev.tandem.v1.ChatCompletionDebug;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.GetModelRequest;
import dev.tandem.v1.GetRunRequest;
import dev.tandem.v1.ListModelsRequest;
import dev.tandem.v1.ListModelsResponse;
import dev.tandem.v1.Model;
import dev.tandem.v1.Run;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.WatchRunRequest;
import java.util.List;

/// The methods of the contract that stand behind OpenAI's paths.
record ContractMethods(
        RpcMethod.Unary<ChatCompletionRequest, ChatCompletion> create,
        RpcMethod.Streaming<ChatCompletionRequest, RunEvent> stream,
        RpcMethod.Streaming<WatchRunRequest, RunEvent> watch,
        RpcMethod.Unary<GetRunRequest, Run> getRun,
        RpcMethod.Unary<ChatCompletionRequest, ChatCompletionDebug> debug,
        RpcMethod.Unary<ListModelsRequest, ListModelsResponse> listModels,
        RpcMethod.Unary<GetModelRequest, Model> getModel) {

    /// @throws IllegalArgumentException where one of them is not served
    static ContractMethods among(List<RpcMethod<?, ?>> methods) {
        return new ContractMethods(
                unary(
                        methods,
                        "tandem.v1.ChatService/CreateChatCompletion",
                        ChatCompletionRequest.class,
                        ChatCompletion.class),
                streaming(
                        methods,
                        "tandem.v1.ChatService/StreamChatCompletion",
                        ChatCompletionRequest.class,
                        RunEvent.class),
                streaming(
                        methods,
                        "tandem.v1.ChatService/WatchRun",
                        WatchRunRequest.class,
                        RunEvent.class),
                unary(methods, "tandem.v1.ChatService/GetRun", GetRunRequest.class, Run.class),
                unary(
                        methods,
                        "tandem.v1.ChatService/DebugChatCompletion",
                        ChatCompletionRequest.class,
                        ChatCompletionDebug.class),
                unary(
                        methods,
                        "tandem.v1.ModelService/ListModels",
                        ListModelsRequest.class,
                        ListModelsResponse.class),
                unary(
                        methods,
                        "tandem.v1.ModelService/GetModel",
                        GetModelRequest.class,
                        Model.class));
    }

    @SuppressWarnings("unchecked") // the types of request and answer are looked at
    private static <Q extends Message, A extends Message> RpcMethod.Unary<Q, A> unary(
            List<RpcMethod<?, ?>> methods, String name, Class<Q> request, Class<A> answer) {
        if (find(methods, name, request, answer) instanceof RpcMethod.Unary<?, ?> unary) {
            return (RpcMethod.Unary<Q, A>) unary;
        }
        throw new IllegalArgumentException(name + " must have one answer");
    }

    @SuppressWarnings("unchecked") // the types of request and answer are looked at
    private static <Q extends Message, A extends Message> RpcMethod.Streaming<Q, A> streaming(
            List<RpcMethod<?, ?>> methods, String name, Class<Q> request, Class<A> answer) {
        if (find(methods, name, request, answer) instanceof RpcMethod.Streaming<?, ?> streaming) {
            return (RpcMethod.Streaming<Q, A>) streaming;
        }
        throw new IllegalArgumentException(name + " must have a stream of answers");
    }

    private static RpcMethod<?, ?> find(
            List<RpcMethod<?, ?>> methods, String name, Class<?> request, Class<?> answer) {
        return methods.stream()
                .filter(method -> method.fullName().equals(name))
                .filter(method -> request.isInstance(method.emptyRequest()))
                .filter(method -> answer.isInstance(method.emptyAnswer()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " is not served"));
    }
}
