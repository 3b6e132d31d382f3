package dev.tandem.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a streamed chat completion must look like, whoever made it: frames that every client can
/// read, the role first, one reason to finish, the usage only where it was asked for, `[DONE]` or
/// an error last, calls of tools that can be put together again.
///
/// Use it on every stream that a test gets hold of: `StreamGrammar.check(body).text()`.
public final class StreamGrammar {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> REASONS =
            Set.of("stop", "length", "tool_calls", "content_filter", "function_call");
    private static final Set<String> EXTRAS =
            Set.of(
                    "tool_use",
                    "tool_result",
                    "tool_progress",
                    "approval",
                    "approval_resolved",
                    "warning",
                    "usage",
                    "resume");

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final Map<Integer, Call> calls = new LinkedHashMap<>();
    private final List<JsonNode> extras = new ArrayList<>();
    private @Nullable JsonNode first;
    private @Nullable JsonNode usage;
    private @Nullable JsonNode error;
    private @Nullable String finishReason;
    private boolean hasRole;
    private boolean hasIds;
    private boolean resumed;
    private boolean namesUsage;
    private boolean done;
    private int pings;

    /// What a stream said.
    ///
    /// @param finishReason null where an error ended it
    /// @param usage null where there was none
    /// @param error the error object, null where there was none
    /// @param extras frames that OpenAI does not have
    public record Said(
            String text,
            String reasoning,
            String refusal,
            List<Call> calls,
            @Nullable String finishReason,
            @Nullable JsonNode usage,
            @Nullable JsonNode error,
            List<JsonNode> extras,
            int pings) {}

    /// A call of a tool, put together from its pieces.
    public static final class Call {
        public final String id;
        public final String name;
        private final StringBuilder arguments = new StringBuilder();

        private Call(String id, String name) {
            this.id = id;
            this.name = name;
        }

        public String arguments() {
            return arguments.toString();
        }

        @Override
        public String toString() {
            return id + " " + name + "(" + arguments + ")";
        }
    }

    private StreamGrammar() {}

    /// Checks the whole body of a stream.
    ///
    /// @throws AssertionError naming the frame and the rule that it breaks
    public static Said check(String body) {
        StreamGrammar grammar = new StreamGrammar();
        require(body.endsWith("\n\n"), "the stream must end with an empty line", body);
        for (String frame : body.substring(0, body.length() - 2).split("\n\n", -1)) {
            grammar.frame(frame);
        }
        return grammar.end(body);
    }

    private void frame(String frame) {
        require(!done, "nothing may follow [DONE]", frame);
        require(error == null, "nothing may follow an error", frame);
        if (frame.equals(": ping")) {
            require(
                    !hasIds,
                    "an empty line after a ping makes an event where there are ids",
                    frame);
            pings++;
            return;
        }
        String rest = frame;
        while (rest.startsWith(": ping\n")) {
            require(hasIds || resumed, "a ping must end with an empty line", frame);
            pings++;
            rest = rest.substring(": ping\n".length());
        }
        boolean hasId = rest.startsWith("id: ");
        if (hasId) {
            hasIds = true;
            rest = rest.substring(rest.indexOf('\n') + 1);
        }
        require(rest.indexOf('\n') < 0, "a frame must have one line of data", frame);
        require(rest.startsWith("data: "), "a line must begin with 'data: '", frame);
        String data = rest.substring("data: ".length());
        require(!hasId || !data.equals("[DONE]"), "[DONE] must have no id", frame);
        require(
                !hasId || !data.contains("\"type\":\"resume\""),
                "a verdict must have no id",
                frame);
        if (data.equals("[DONE]")) {
            done = true;
        } else {
            json(parse(data), frame);
        }
    }

    private void json(JsonNode json, String frame) {
        require(json.isObject(), "a frame must hold an object", frame);
        if (json.has("error")) {
            error(json.get("error"), frame);
            return;
        }
        require(json.path("choices").isArray(), "a frame must have choices", frame);
        require(
                json.path("object").asText().equals("chat.completion.chunk"),
                "a frame must be a chat.completion.chunk",
                frame);
        if (EXTRAS.contains(json.path("type").asText())) {
            extra(json, frame);
        } else {
            chunk(json, frame);
        }
    }

    private void error(JsonNode problem, String frame) {
        for (String field : List.of("message", "type", "param", "code", "status", "request_id")) {
            require(problem.has(field), "an error must have " + field, frame);
        }
        error = problem;
    }

    private void extra(JsonNode json, String frame) {
        require(json.get("choices").isEmpty(), "a frame of our own must have no choices", frame);
        if (json.get("type").asText().equals("resume")) {
            require(first == null && extras.isEmpty(), "a verdict must be the first frame", frame);
            resumed = true;
        }
        same("model", json, frame);
        same("created", json, frame);
        extras.add(json);
    }

    private void chunk(JsonNode json, String frame) {
        if (first == null) {
            first = json;
            namesUsage = json.has("usage");
        }
        for (String field : List.of("id", "created", "model", "run_id", "session_id")) {
            same(field, json, frame);
        }
        require(usage == null, "the usage must be last", frame);
        if (json.get("choices").isEmpty()) {
            usage(json, frame);
            return;
        }
        require(json.has("usage") == namesUsage, "usage must be in every chunk or in none", frame);
        require(json.path("usage").isNull() || !namesUsage, "usage must be null here", frame);
        require(json.get("choices").size() == 1, "there must be one choice", frame);
        choice(json.get("choices").get(0), frame);
    }

    private void usage(JsonNode json, String frame) {
        require(finishReason != null, "usage must follow the reason to finish", frame);
        require(namesUsage, "usage must have been announced as null", frame);
        JsonNode counted = json.path("usage");
        long prompt = counted.path("prompt_tokens").asLong(-1);
        long completion = counted.path("completion_tokens").asLong(-1);
        require(prompt >= 0 && completion >= 0, "usage must be whole", frame);
        require(
                counted.path("total_tokens").asLong() == prompt + completion,
                "total_tokens must be the sum",
                frame);
        usage = counted;
    }

    private void choice(JsonNode choice, String frame) {
        require(finishReason == null, "no choice may follow the reason to finish", frame);
        require(choice.path("index").asInt(-1) == 0, "the choice must have index 0", frame);
        require(choice.has("finish_reason"), "a choice must have finish_reason", frame);
        JsonNode delta = choice.path("delta");
        require(delta.isObject(), "a choice must have a delta", frame);
        if (delta.has("role")) {
            require(!hasRole, "the role must come once", frame);
            require(delta.get("role").asText().equals("assistant"), "wrong role", frame);
            hasRole = true;
        }
        require(hasRole || resumed, "the role must come first", frame);
        append(delta, "content", text);
        append(delta, "reasoning_content", reasoning);
        append(delta, "refusal", refusal);
        delta.path("tool_calls").forEach(call -> toolCall(call, frame));
        if (!choice.get("finish_reason").isNull()) {
            finishReason = choice.get("finish_reason").asText();
            require(REASONS.contains(finishReason), "unknown reason to finish", frame);
        }
    }

    private static void append(JsonNode delta, String field, StringBuilder to) {
        if (delta.path(field).isTextual()) {
            to.append(delta.get(field).asText());
        }
    }

    private void toolCall(JsonNode delta, String frame) {
        require(delta.path("index").isInt(), "a piece of a call must have an index", frame);
        int index = delta.get("index").asInt();
        JsonNode function = delta.path("function");
        Call call = calls.get(index);
        if (call == null && resumed && !delta.has("id")) {
            call = new Call("of before " + index, "of before"); // it began where the reader left
            calls.put(index, call);
        } else if (call == null) {
            require(resumed || index == calls.size(), "calls must be counted from 0", frame);
            require(delta.path("id").isTextual(), "a call must begin with its id", frame);
            require(delta.path("type").asText().equals("function"), "type is missing", frame);
            require(function.path("name").isTextual(), "a call must begin with its name", frame);
            call = new Call(delta.get("id").asText(), function.get("name").asText());
            calls.put(index, call);
        } else {
            require(!delta.has("id") && !delta.has("type"), "id and type come once", frame);
            require(!function.has("name"), "a call's name comes once", frame);
        }
        require(function.path("arguments").isTextual(), "arguments must be text", frame);
        call.arguments.append(function.get("arguments").asText());
    }

    private Said end(String body) {
        require(done || error != null, "the stream must end with [DONE] or an error", body);
        if (done && !(resumed && first == null)) {
            require(finishReason != null, "[DONE] needs a reason to finish", body);
            require((usage != null) == namesUsage, "announced usage must come", body);
            boolean called = "tool_calls".equals(finishReason);
            require(!called || !calls.isEmpty(), "there are no calls to finish for", body);
            calls.values().stream().filter(_ -> !resumed).forEach(call -> whole(call, body));
        }
        require(ids(), "calls must have different ids", body);
        return new Said(
                text.toString(),
                reasoning.toString(),
                refusal.toString(),
                List.copyOf(calls.values()),
                finishReason,
                usage,
                error,
                List.copyOf(extras),
                pings);
    }

    private boolean ids() {
        return calls.values().stream().map(call -> call.id).distinct().count() == calls.size();
    }

    /// An answer that was cut by its length may hold half a call.
    private void whole(Call call, String body) {
        boolean cut = "length".equals(finishReason);
        require(cut || isObject(call.arguments()), "arguments must be an object", body);
    }

    private static boolean isObject(String json) {
        try {
            return JSON.readTree(json).isObject();
        } catch (JsonProcessingException malformed) {
            return false;
        }
    }

    private void same(String field, JsonNode json, String frame) {
        if (first != null) {
            boolean equal = first.path(field).equals(json.path(field)) || json.has("type");
            require(equal, field + " must be the same in every chunk", frame);
        }
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw new AssertionError("not JSON: " + json, malformed);
        }
    }

    private static void require(boolean rule, String says, String where) {
        if (!rule) {
            throw new AssertionError(says + ": " + where);
        }
    }
}
