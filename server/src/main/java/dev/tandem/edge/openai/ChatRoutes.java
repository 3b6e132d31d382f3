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
import dev.tandem.v1.GetRunRequest;
import dev.tandem.v1.WatchRunRequest;
import io.helidon.http.HeaderValues;
import java.util.Optional;

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
            if (!chat.stream()) {
                refuseToGoOn(http);
            }
            return chat;
        } catch (Failure failure) {
            throw Refusals.of(pipeline, http.call(), method, failure);
        }
    }

    /// Whoever says where it stands does not want to ask anew.
    private static void refuseToGoOn(HttpCall http) {
        if (ChatHeaders.lastEventId(http).isPresent()) {
            throw Failure.invalid(
                    "Last-Event-ID",
                    "Last-Event-ID continues a stream; send stream: true with it.");
        }
    }

    private void whole(HttpCall http, ChatCall chat) {
        ChatCompletion answer =
                pipeline.unary(http.call(), methods.create(), chat.request().build());
        chat.ignored().addAll(answer.getIgnoredParametersList());
        answerHeaders(http, answer.getRunId(), chat.ignored());
        if (chat.request().getBackground()) {
            GetRunRequest run = GetRunRequest.newBuilder().setRunId(answer.getRunId()).build();
            byte[] json = ProtoJson.write(pipeline.unary(http.call(), methods.getRun(), run));
            http.answer(202, HeaderValues.CONTENT_TYPE_JSON, json);
            return;
        }
        http.answer(CompletionJson.write(answer, chat.oldFunctions()));
    }

    private void stream(HttpCall http, ChatCall chat) {
        boolean showsTools = ChatHeaders.wantsEvents(http).orElse(chat.usesExtensions());
        Optional<String> seen = ChatHeaders.lastEventId(http);
        ChunkSink sink = new ChunkSink(http, chat, showsTools, seen.isPresent());
        try {
            if (seen.isPresent()) {
                WatchRunRequest run = WatchRunRequest.newBuilder().setAfter(seen.get()).build();
                watch(http, run, sink);
            } else {
                send(http, chat, sink);
            }
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

    /// Continues a run in the frames of its first stream.
    void watch(HttpCall http, WatchRunRequest run, ChunkSink sink) throws InterruptedException {
        try {
            pipeline.stream(http.call(), methods.watch(), run, sink);
        } catch (Failure failure) {
            sink.fail(
                    failure.param().equals(Optional.of("after"))
                            ? failure.at("Last-Event-ID")
                            : failure);
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
