package dev.tandem.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.v1.ChatCompletion;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.ChatServiceGrpc;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.ToolCall;
import dev.tandem.v1.ToolCallDelta;
import dev.tandem.v1.Usage;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/// What a client was told: the same five facts, whichever way it asked.
///
/// @param toolCalls each as `id name arguments`, with the arguments as compact JSON
/// @param usage input, cache read, cache write and output tokens
/// @param error the code and message; empty where the answer is whole
record Told(
        String text,
        String reasoning,
        List<String> toolCalls,
        String finishReason,
        String usage,
        String error) {
    private static final JsonMapper JSON = new JsonMapper();

    /// The four ways to ask for one answer.
    enum Way {
        REST_STREAM,
        REST_WHOLE,
        GRPC_STREAM,
        GRPC_WHOLE;

        Told ask(RunningServer server) {
            return switch (this) {
                case REST_STREAM -> restStream(server);
                case REST_WHOLE -> restWhole(server);
                case GRPC_STREAM -> grpcStream(server);
                case GRPC_WHOLE -> grpcWhole(server);
            };
        }
    }

    static Told failed(String error) {
        return new Told("", "", List.of(), "", "", error);
    }

    private static Told restWhole(RunningServer server) {
        HttpResponse<String> answer = server.post("/v1/chat/completions", body(false));
        JsonNode json = json(answer.body());
        if (answer.statusCode() != 200) {
            return failed(error(json.path("error")));
        }
        JsonNode choice = json.path("choices").path(0);
        JsonNode message = choice.path("message");
        List<String> calls = new ArrayList<>();
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode function = call.path("function");
            calls.add(
                    call(
                            call.path("id").asText(),
                            function.path("name").asText(),
                            function.path("arguments").asText()));
        }
        return new Told(
                message.path("content").asText(""),
                message.path("reasoning_content").asText(""),
                calls,
                choice.path("finish_reason").asText(),
                usage(json.path("usage")),
                "");
    }

    private static Told restStream(RunningServer server) {
        HttpResponse<String> answer = server.post("/v1/chat/completions", body(true));
        if (answer.statusCode() != 200) {
            return failed(error(json(answer.body()).path("error")));
        }
        Folding folding = new Folding();
        answer.body()
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> json(line.substring("data: ".length())))
                .forEach(folding::chunk);
        return folding.told();
    }

    private static Told grpcWhole(RunningServer server) {
        try {
            ChatCompletion answer =
                    ChatServiceGrpc.newBlockingStub(server.grpc())
                            .withMaxInboundMessageSize(64 << 20)
                            .createChatCompletion(question());
            ChatMessage message = answer.getMessage();
            return new Told(
                    message.getContent(),
                    message.getReasoningContent(),
                    message.getToolCallsList().stream().map(Told::call).toList(),
                    answer.getFinishReason(),
                    usage(answer.getUsage()),
                    "");
        } catch (StatusRuntimeException failed) {
            return failed(error(failed));
        }
    }

    private static Told grpcStream(RunningServer server) {
        Folding folding = new Folding();
        try {
            Iterator<RunEvent> events =
                    ChatServiceGrpc.newBlockingStub(server.grpc())
                            .withMaxInboundMessageSize(64 << 20)
                            .streamChatCompletion(question());
            events.forEachRemaining(folding::event);
            return folding.told();
        } catch (StatusRuntimeException failed) {
            return failed(error(failed));
        }
    }

    static ChatCompletionRequest question() {
        return ChatCompletionRequest.newBuilder()
                .setModel("claude-sonnet-4-6")
                .addMessages(ChatMessage.newBuilder().setRole("user").setContent("hello"))
                .build();
    }

    private static String body(boolean stream) {
        return """
        {"model":"claude-sonnet-4-6","stream":%s,"stream_options":{"include_usage":%s},
         "messages":[{"role":"user","content":"hello"}]}
        """
                .formatted(stream, stream)
                .replace(stream ? "\u0000" : "\"stream_options\":{\"include_usage\":false},", "");
    }

    private static String error(JsonNode error) {
        return error.path("code").asText() + ": " + error.path("message").asText();
    }

    private static String error(StatusRuntimeException failed) {
        try {
            com.google.rpc.Status status = StatusProto.fromThrowable(failed);
            if (status == null) {
                return failed.toString();
            }
            return status.getDetails(0).unpack(com.google.rpc.ErrorInfo.class).getReason()
                    + ": "
                    + failed.getStatus().getDescription();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static String call(ToolCall call) {
        return call(call.getId(), call.getName(), call.getArgumentsJson());
    }

    private static String call(String id, String name, String arguments) {
        return id + " " + name + " " + json(arguments);
    }

    private static String usage(Usage usage) {
        return usage.getInputTokens()
                + "+"
                + usage.getCacheReadInputTokens()
                + "r+"
                + usage.getCacheCreationInputTokens()
                + "w>"
                + usage.getOutputTokens();
    }

    private static String usage(JsonNode usage) {
        long cached = usage.path("cache_read_input_tokens").asLong();
        long written = usage.path("cache_creation_input_tokens").asLong();
        long input = usage.path("input_tokens").asLong();
        if (usage.path("prompt_tokens").asLong() != input + cached + written) {
            throw new AssertionError("the prompt is not the sum of its parts: " + usage);
        }
        return input
                + "+"
                + cached
                + "r+"
                + written
                + "w>"
                + usage.path("completion_tokens").asLong();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// Folds the pieces of a stream.
    private static final class Folding {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder reasoning = new StringBuilder();
        private final TreeMap<Integer, String> heads = new TreeMap<>();
        private final TreeMap<Integer, String> arguments = new TreeMap<>();
        private String finishReason = "";
        private String usage = "";
        private String error = "";

        void chunk(JsonNode chunk) {
            if (chunk.has("error")) {
                error = Told.error(chunk.path("error"));
            }
            if (chunk.path("usage").isObject()) {
                usage = Told.usage(chunk.path("usage"));
            }
            JsonNode choice = chunk.path("choices").path(0);
            JsonNode delta = choice.path("delta");
            text.append(delta.path("content").asText(""));
            reasoning.append(delta.path("reasoning_content").asText(""));
            for (JsonNode call : delta.path("tool_calls")) {
                JsonNode function = call.path("function");
                int index = call.path("index").asInt();
                if (call.has("id")) {
                    heads.put(
                            index, call.path("id").asText() + " " + function.path("name").asText());
                }
                arguments.merge(index, function.path("arguments").asText(""), String::concat);
            }
            finishReason += choice.path("finish_reason").asText("").replace("null", "");
        }

        void event(RunEvent event) {
            switch (event.getEventCase()) {
                case TEXT -> text.append(event.getText().getText());
                case REASONING -> reasoning.append(event.getReasoning().getText());
                case TOOL_CALL -> toolCall(event.getToolCall());
                case COMPLETED -> {
                    finishReason += event.getCompleted().getFinishReason();
                    usage = Told.usage(event.getCompleted().getUsage());
                }
                case FAILED ->
                        error =
                                event.getFailed().getError().getCode()
                                        + ": "
                                        + event.getFailed().getError().getMessage();
                default -> {}
            }
        }

        private void toolCall(ToolCallDelta call) {
            if (call.hasId()) {
                heads.put(call.getIndex(), call.getId() + " " + call.getName());
            }
            arguments.merge(call.getIndex(), call.getArgumentsDelta(), String::concat);
        }

        Told told() {
            List<String> calls = new ArrayList<>();
            heads.forEach(
                    (index, head) -> {
                        String all = arguments.getOrDefault(index, "");
                        calls.add(head + " " + json(all.isEmpty() ? "{}" : all));
                    });
            return new Told(
                    text.toString(), reasoning.toString(), calls, finishReason, usage, error);
        }
    }
}
