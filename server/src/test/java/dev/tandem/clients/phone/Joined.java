package dev.tandem.clients.phone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.RunError;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.ToolCallDelta;
import dev.tandem.v1.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// What a client has of an answer: pieces appended one to another, whichever wire brought them.
/// Belongs to one thread.
final class Joined {
    private static final double NANOS_IN_A_DOLLAR = 1e9;

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final TreeMap<Integer, Call> calls = new TreeMap<>();
    private final List<String> cursors = new ArrayList<>();
    private String finishReason = "";
    private String usage = "";
    private String error = "";
    private boolean replaced;

    private record Call(String id, String name, StringBuilder arguments) {}

    /// The same as a value, to be compared. A call is `id name arguments`.
    ///
    /// @param usage tokens and cost as `input+read+written>output$nanos`
    /// @param error the code and the message
    record Answer(
            String text,
            String reasoning,
            List<String> calls,
            String finishReason,
            String usage,
            String error) {}

    Answer answer() {
        return new Answer(
                text.toString(),
                reasoning.toString(),
                calls.values().stream()
                        .map(call -> call.id() + " " + call.name() + " " + call.arguments())
                        .toList(),
                finishReason,
                usage,
                error);
    }

    /// The cursors of all that was appended, in order.
    List<String> cursors() {
        return List.copyOf(cursors);
    }

    /// What a run was stopped with has no message of its own over gRPC.
    private static String problem(String code, String message) {
        return code.equals("cancelled") || code.equals("interrupted")
                ? code
                : code + ": " + message;
    }

    /// Whether a snapshot has taken the place of what was appended.
    boolean wasReplaced() {
        return replaced;
    }

    int length() {
        return text.length();
    }

    void seen(String cursor) {
        cursors.add(cursor);
    }

    private void clear() {
        replaced = true;
        text.setLength(0);
        reasoning.setLength(0);
        calls.clear();
        finishReason = "";
        usage = "";
        error = "";
    }

    // Frames of a streamed completion.

    void chunk(JsonNode chunk) {
        if (chunk.has("error")) {
            JsonNode problem = chunk.path("error");
            error += problem(problem.path("code").asText(), problem.path("message").asText());
        }
        if (chunk.path("usage").isObject()) {
            usage += usage(chunk.path("usage"));
        }
        JsonNode choice = chunk.path("choices").path(0);
        message(choice.path("delta"));
        finishReason += choice.path("finish_reason").asText("");
    }

    void replace(JsonNode snapshot) {
        clear();
        message(snapshot);
    }

    private void message(JsonNode message) {
        text.append(message.path("content").asText(""));
        reasoning.append(message.path("reasoning_content").asText(""));
        int next = 0;
        for (JsonNode call : message.path("tool_calls")) {
            int index = call.path("index").asInt(next++);
            JsonNode function = call.path("function");
            if (call.has("id")) {
                begin(index, call.path("id").asText(), function.path("name").asText());
            }
            more(index, function.path("arguments").asText(""));
        }
    }

    private static String usage(JsonNode usage) {
        return usage.path("input_tokens").asLong()
                + "+"
                + usage.path("cache_read_input_tokens").asLong()
                + "+"
                + usage.path("cache_creation_input_tokens").asLong()
                + ">"
                + usage.path("output_tokens").asLong()
                + "$"
                + Math.round(usage.path("total_cost").asDouble() * NANOS_IN_A_DOLLAR);
    }

    // Events of the contract.

    void event(RunEvent event) {
        switch (event.getEventCase()) {
            case TEXT -> text.append(event.getText().getText());
            case REASONING -> reasoning.append(event.getReasoning().getText());
            case TOOL_CALL -> toolCall(event.getToolCall());
            case COMPLETED -> {
                finishReason += event.getCompleted().getFinishReason();
                usage += usage(event.getCompleted().getUsage());
            }
            case FAILED -> {
                RunError problem = event.getFailed().getError();
                error += problem(problem.getCode(), problem.getMessage());
            }
            case CANCELLED -> error += problem("cancelled", "");
            case INTERRUPTED -> error += problem("interrupted", "");
            case STARTED,
                    QUEUED,
                    TOOL_USE,
                    TOOL_RESULT,
                    SERVER_CALL,
                    SERVER_CALL_ARGUMENTS,
                    SERVER_CALL_PROGRESS,
                    APPROVAL,
                    APPROVAL_RESOLVED,
                    WARNING,
                    TURN,
                    HEARTBEAT,
                    RESUMED,
                    EVENT_NOT_SET -> {}
        }
    }

    void replace(ChatMessage snapshot) {
        clear();
        text.append(snapshot.getContent());
        reasoning.append(snapshot.getReasoningContent());
        for (int index = 0; index < snapshot.getToolCallsCount(); index++) {
            begin(
                    index,
                    snapshot.getToolCalls(index).getId(),
                    snapshot.getToolCalls(index).getName());
            more(index, snapshot.getToolCalls(index).getArgumentsJson());
        }
    }

    private void toolCall(ToolCallDelta call) {
        if (call.hasId()) {
            begin(call.getIndex(), call.getId(), call.getName());
        }
        more(call.getIndex(), call.getArgumentsDelta());
    }

    private static String usage(Usage usage) {
        return usage.getInputTokens()
                + "+"
                + usage.getCacheReadInputTokens()
                + "+"
                + usage.getCacheCreationInputTokens()
                + ">"
                + usage.getOutputTokens()
                + "$"
                + usage.getTotalCostNanos();
    }

    private void begin(int index, String id, String name) {
        if (calls.put(index, new Call(id, name, new StringBuilder())) != null) {
            throw new AssertionError("the call " + index + " began twice");
        }
    }

    private void more(int index, String arguments) {
        Call call = calls.get(index);
        if (call == null) {
            throw new AssertionError("the call " + index + " has no beginning");
        }
        call.arguments().append(arguments);
    }
}
