package dev.tandem.edge.openai;

import dev.tandem.edge.rest.EventSink;
import dev.tandem.edge.rest.HttpCall;
import dev.tandem.edge.rest.Refusals;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.rpc.Pipeline;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.WatchRunRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Continues a run: in the frames of a streamed completion, or with `?format=events` as the events
/// of the contract. Where the client stands is said by `Last-Event-ID` or `?after=`;
/// `?include_usage=true` asks for the chunk with the usage, as `stream_options` does.
final class RunRoutes {
    private static final String AFTER = "after";
    private static final String FORMAT = "format";
    private static final String INCLUDE_USAGE = "include_usage";

    private final ContractMethods methods;
    private final ChatRoutes chat;
    private final Pipeline pipeline;

    RunRoutes(ContractMethods methods, ChatRoutes chat, Pipeline pipeline) {
        this.methods = methods;
        this.chat = chat;
        this.pipeline = pipeline;
    }

    void events(HttpCall http, Map<String, String> variables) {
        if (http.method().equals("HEAD")) {
            throw Refusals.method(pipeline, http, List.of("GET"));
        }
        WatchRunRequest.Builder run =
                WatchRunRequest.newBuilder().setRunId(variables.getOrDefault("run_id", ""));
        ChatHeaders.lastEventId(http).or(() -> http.parameter(AFTER)).ifPresent(run::setAfter);
        switch (http.parameter(FORMAT).orElse("chunks")) {
            case "chunks" -> chunks(http, run.build());
            case "events" -> events(http, run.build());
            default ->
                    throw refused(
                            http, Failure.invalid(FORMAT, "format must be chunks or events."));
        }
    }

    private void chunks(HttpCall http, WatchRunRequest run) {
        boolean showsTools = ChatHeaders.wantsEvents(http).orElse(true);
        ChatCall call =
                new ChatCall(
                        ChatCompletionRequest.newBuilder(),
                        true,
                        http.parameter(INCLUDE_USAGE).equals(Optional.of("true")),
                        new IgnoredParameters(),
                        "max_tokens",
                        false);
        ChunkSink sink = new ChunkSink(http, call, showsTools, run.hasAfter());
        try {
            chat.watch(http, run, sink);
        } catch (InterruptedException gone) {
            throw new Failure(FailureCode.CANCELLED, "The client has left.", gone);
        }
    }

    private void events(HttpCall http, WatchRunRequest run) {
        EventSink<RunEvent> sink = new EventSink<>(http.events());
        try {
            pipeline.stream(http.call(), methods.watch(), run, sink);
            sink.close();
        } catch (Failure failure) {
            sink.fail(failure, http);
        }
    }

    private Failure refused(HttpCall http, Failure failure) {
        return Refusals.of(pipeline, http.call(), methods.watch(), failure);
    }
}
