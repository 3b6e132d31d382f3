package dev.tandem.edge.openai;

import dev.tandem.edge.json.JsonOut;
import dev.tandem.v1.ChatCompletion;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.ToolCall;

/// Writes a whole answer as OpenAI's `chat.completion`.
final class CompletionJson {
    private CompletionJson() {}

    /// @param oldFunctions whether calls of tools are shown as `function_call`
    static byte[] write(ChatCompletion answer, boolean oldFunctions) {
        JsonOut out = new JsonOut(1024);
        out.beginObject();
        out.name("id").value(answer.getId());
        out.name("object").value("chat.completion");
        out.name("created").value(answer.getCreated().getSeconds());
        out.name("model").value(answer.getModel());
        extensions(answer, out);
        choice(answer, oldFunctions, out);
        out.name("usage");
        UsageJson.write(answer.getUsage(), out);
        return out.endObject().toBytes();
    }

    private static void extensions(ChatCompletion answer, JsonOut out) {
        if (answer.hasSessionId()) {
            out.name("session_id").value(answer.getSessionId());
        }
        if (answer.hasProjectId()) {
            out.name("project_id").value(answer.getProjectId());
        }
        if (!answer.getRunId().isEmpty()) {
            out.name("run_id").value(answer.getRunId());
        }
    }

    private static void choice(ChatCompletion answer, boolean oldFunctions, JsonOut out) {
        out.name("choices").beginArray().beginObject();
        out.name("index").value(0);
        out.name("message");
        message(answer.getMessage(), oldFunctions, out);
        out.name("logprobs").nothing();
        out.name("finish_reason").value(finishReason(answer.getFinishReason(), oldFunctions));
        out.endObject().endArray();
    }

    static void message(ChatMessage message, boolean oldFunctions, JsonOut out) {
        out.beginObject().name("role").value("assistant");
        content(message, out);
        if (message.hasReasoningContent()) {
            out.name("reasoning_content").value(message.getReasoningContent());
        }
        out.name("refusal");
        if (message.hasRefusal()) {
            out.value(message.getRefusal());
        } else {
            out.nothing();
        }
        out.name("annotations").beginArray().endArray();
        if (message.getToolCallsCount() > 0 && oldFunctions) {
            out.name("function_call");
            function(message.getToolCalls(0), out);
        } else if (message.getToolCallsCount() > 0) {
            toolCalls(message, out);
        }
        out.endObject();
    }

    /// Null where the model called tools, or refused, and said nothing.
    private static void content(ChatMessage message, JsonOut out) {
        boolean silent = message.getToolCallsCount() > 0 || message.hasRefusal();
        out.name("content");
        if (silent && message.getContent().isEmpty()) {
            out.nothing();
        } else {
            out.value(message.getContent());
        }
    }

    private static void toolCalls(ChatMessage message, JsonOut out) {
        out.name("tool_calls").beginArray();
        for (ToolCall call : message.getToolCallsList()) {
            out.beginObject();
            out.name("id").value(call.getId());
            out.name("type").value("function");
            out.name("function");
            function(call, out);
            out.endObject();
        }
        out.endArray();
    }

    private static void function(ToolCall call, JsonOut out) {
        out.beginObject();
        out.name("name").value(call.getName());
        out.name("arguments").value(call.getArgumentsJson());
        out.endObject();
    }

    static String finishReason(String reason, boolean oldFunctions) {
        return oldFunctions && reason.equals("tool_calls") ? "function_call" : reason;
    }
}
