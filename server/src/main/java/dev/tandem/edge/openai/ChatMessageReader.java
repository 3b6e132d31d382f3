package dev.tandem.edge.openai;

import dev.tandem.edge.json.JsonIn;
import dev.tandem.edge.json.JsonKind;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.ContentPart;
import dev.tandem.v1.ToolCall;
import java.util.List;

/// Reads messages: all roles, content as text or parts, calls of tools in both forms.
final class ChatMessageReader {
    private static final String FUNCTION = "function";

    private final JsonIn in;
    private final IgnoredParameters ignored;
    private final ContentPartReader parts;
    private final OldFunctionCalls oldCalls = new OldFunctionCalls();

    ChatMessageReader(JsonIn in, IgnoredParameters ignored) {
        this.in = in;
        this.ignored = ignored;
        this.parts = new ContentPartReader(in, ignored);
    }

    void readAll(ChatCompletionRequest.Builder into) {
        in.enterArray();
        while (in.nextElement()) {
            into.addMessages(read());
        }
    }

    /// Notes a field that is not known, unless it says nothing.
    static void ignore(JsonIn in, IgnoredParameters ignored) {
        if (!in.isNull()) {
            ignored.add(in.path());
        }
        in.skip();
    }

    private ChatMessage read() {
        ChatMessage.Builder message = ChatMessage.newBuilder();
        in.enterObject();
        while (in.nextKey()) {
            if (!in.isNull()) {
                field(in.key(), message);
            }
        }
        if (message.getRole().isEmpty()) {
            throw in.failureAt("role", "is missing");
        }
        settle(message);
        return message.build();
    }

    private void field(String key, ChatMessage.Builder message) {
        switch (key) {
            case "role" -> message.setRole(in.string());
            case "content" -> content(message);
            case "name" -> message.setName(in.string());
            case "tool_calls" -> toolCalls(message);
            case "tool_call_id" -> message.setToolCallId(in.string());
            case "function_call" -> oldCalls.called(functionCall(), message);
            case "refusal" -> message.setRefusal(in.string());
            case "annotations" -> in.skip();
            default -> ignore(in, ignored);
        }
    }

    /// What an assistant refused with was its answer; the role `function` is the old word for
    /// `tool`, with the function's name in place of the call's id.
    private void settle(ChatMessage.Builder message) {
        if (message.getContent().isEmpty() && message.getPartsCount() == 0) {
            message.setContent(message.getRefusal());
        }
        message.clearRefusal();
        if (message.getRole().equals(FUNCTION)) {
            if (!message.hasName()) {
                throw in.failureAt("name", "must name the function that was called");
            }
            message.setRole("tool").setToolCallId(oldCalls.idOf(message.getName())).clearName();
        }
    }

    private void content(ChatMessage.Builder message) {
        if (in.kind() == JsonKind.STRING) {
            message.setContent(in.string());
            return;
        }
        if (in.kind() != JsonKind.ARRAY) {
            throw in.wrong("a string or an array of content parts");
        }
        List<ContentPart> read = parts.readAll();
        if (read.size() == 1 && read.getFirst().hasText()) {
            message.setContent(read.getFirst().getText());
        } else {
            message.addAllParts(read);
        }
    }

    private void toolCalls(ChatMessage.Builder message) {
        in.enterArray();
        while (in.nextElement()) {
            message.addToolCalls(toolCall());
        }
    }

    private ToolCall toolCall() {
        ToolCall.Builder call = ToolCall.newBuilder();
        in.enterObject();
        while (in.nextKey()) {
            switch (in.key()) {
                case "id" -> call.setId(in.string());
                case FUNCTION -> call.mergeFrom(functionCall());
                case "type" -> functionType();
                case "index" -> in.skip();
                default -> ignore(in, ignored);
            }
        }
        if (call.getId().isEmpty()) {
            throw in.failureAt("id", "is missing");
        }
        if (call.getName().isEmpty()) {
            throw in.failureAt("function.name", "is missing");
        }
        return call.build();
    }

    private void functionType() {
        if (!in.isNull() && !in.string().equals(FUNCTION)) {
            throw in.failure("must be function; other calls are not supported");
        }
    }

    private ToolCall functionCall() {
        ToolCall.Builder call = ToolCall.newBuilder();
        in.enterObject();
        while (in.nextKey()) {
            switch (in.key()) {
                case "name" -> call.setName(in.string());
                case "arguments" -> call.setArgumentsJson(in.isNull() ? "" : in.string());
                default -> ignore(in, ignored);
            }
        }
        return call.build();
    }
}
