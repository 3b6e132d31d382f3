package dev.tandem.edge.openai;

import dev.tandem.edge.json.ProtoJson;
import dev.tandem.edge.rest.HttpCall;
import dev.tandem.edge.rest.Refusals;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.v1.ChatCompletion;
import dev.tandem.v1.ChatCompletionDebug;
import dev.tandem.v1.ChatCompletionRequest;

/// Answers chat requests, whole or as a stream, and says how it understands one.
final class ChatRoutes {
    private static final String RUN_ID = "x-run-id";

    private final ContractMethods methods;
    private final Pipeline pipeline;

    ChatRoutes(ContractMethods methods, Pipeline pipeline) {
        this.methods = methods;
        this.pipeline = pipeline;
    }

    void complete(HttpCall http) {
        ChatCall chat = read(http, methods.create());
        try {
            if (chat.stream()) {
                stream(http, chat);
            } else {
                whole(http, chat);
            }
        } catch (Failure failure) {
            throw ParamNames.openAi(failure, chat);
        }
    }

    void debug(HttpCall http) {
        ChatCall chat = read(http, methods.debug());
        ChatCompletionDebug.Builder debug = understood(http, chat).toBuilder();
        chat.ignored().addAll(debug.getIgnoredParametersList());
        debug.clearIgnoredParameters().addAllIgnoredParameters(chat.ignored().names());
        http.answer(ProtoJson.write(debug.build()));
    }

    private ChatCompletionDebug understood(HttpCall http, ChatCall chat) {
        try {
            return pipeline.unary(http.call(), methods.debug(), chat.request().build());
        } catch (Failure failure) {
            throw ParamNames.openAi(failure, chat);
        }
    }

    private ChatCall read(HttpCall http, RpcMethod<ChatCompletionRequest, ?> method) {
        try {
            ChatCall chat = ChatRequestReader.read(http.body());
            ChatHeaders.apply(http, chat.request());
            ChatHeaders.wantsEvents(http);
            return chat;
        } catch (Failure failure) {
            throw Refusals.of(pipeline, http.call(), method, failure);
        }
    }

    private void whole(HttpCall http, ChatCall chat) {
        ChatCompletion answer =
                pipeline.unary(http.call(), methods.create(), chat.request().build());
        chat.ignored().addAll(answer.getIgnoredParametersList());
        answerHeaders(http, answer.getRunId(), chat.ignored());
        http.answer(CompletionJson.write(answer, chat.oldFunctions()));
    }

    private void stream(HttpCall http, ChatCall chat) {
        boolean showsTools = ChatHeaders.wantsEvents(http).orElse(chat.usesExtensions());
        ChunkSink sink = new ChunkSink(http, chat, showsTools);
        try {
            send(http, chat, sink);
        } catch (InterruptedException gone) {
            throw new Failure(FailureCode.CANCELLED, "The client has left.", gone);
        }
    }

    private void send(HttpCall http, ChatCall chat, ChunkSink sink) throws InterruptedException {
        try {
            pipeline.stream(http.call(), methods.stream(), chat.request().build(), sink);
        } catch (Failure failure) {
            sink.fail(failure);
            return;
        }
        sink.close();
    }

    /// The headers of every answer that a run made.
    static void answerHeaders(HttpCall http, String runId, IgnoredParameters ignored) {
        http.call().answerHeader(RUN_ID, runId);
        ignored.header()
                .ifPresent(names -> http.call().answerHeader(IgnoredParameters.HEADER, names));
    }
}
