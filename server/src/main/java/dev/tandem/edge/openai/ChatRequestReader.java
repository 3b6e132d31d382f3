package dev.tandem.edge.openai;

import dev.tandem.v1.ToolSelection;
import java.util.function.Consumer;
import dev.tandem.edge.json.JsonIn;
import dev.tandem.edge.json.JsonKind;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.v1.ChatCompletionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Reads OpenAI's `CreateChatCompletionRequest` and our extensions of it. Null is the same as
/// absent; unknown fields are noted and passed over.
final class ChatRequestReader {
    private static final String MAX_TOKENS = "max_tokens";
    private static final String MAX_COMPLETION_TOKENS = "max_completion_tokens";

    private final JsonIn in;
    private final ChatCompletionRequest.Builder request = ChatCompletionRequest.newBuilder();
    private final IgnoredParameters ignored = new IgnoredParameters();
    private final ChatMessageReader messages;
    private final ToolReader tools;
    private final ToolChoiceReader toolChoice;
    private final List<String> toolFields = new ArrayList<>();
    private OptionalLong maxTokens = OptionalLong.empty();
    private OptionalLong maxCompletionTokens = OptionalLong.empty();
    private boolean stream;
    private boolean includeUsage;

    private ChatRequestReader(JsonIn in) {
        this.in = in;
        this.messages = new ChatMessageReader(in, ignored);
        this.tools = new ToolReader(in, ignored);
        this.toolChoice = new ToolChoiceReader(in, ignored);
    }

    /// @throws Failure INVALID_REQUEST, naming the field
    static ChatCall read(byte[] body) {
        if (body.length == 0) {
            throw new Failure(
                    FailureCode.INVALID_REQUEST,
                    "The body is empty; send {\"model\":…,\"messages\":[…]}.");
        }
        JsonIn in = new JsonIn(body);
        ChatRequestReader reader = new ChatRequestReader(in);
        in.enterObject();
        while (in.nextKey()) {
            reader.field(in.key());
        }
        in.end();
        return reader.finished();
    }

    private void field(String key) {
        if (in.isNull()) {
            return;
        }
        boolean known =
                standard(key)
                        || toolField(key)
                        || extension(key)
                        || ExtraParameters.read(in, request);
        if (!known) {
            ignored.add(in.path());
            in.skip();
        }
    }

    private boolean standard(String key) {
        switch (key) {
            case "model" -> request.setModel(in.string());
            case "messages" -> messages.readAll(request);
            case "stream" -> stream = in.bool();
            case "stream_options" -> streamOptions();
            case MAX_TOKENS -> maxTokens = OptionalLong.of(in.int64());
            case MAX_COMPLETION_TOKENS -> maxCompletionTokens = OptionalLong.of(in.int64());
            case "temperature" -> request.setTemperature(in.float64());
            case "top_p" -> request.setTopP(in.float64());
            case "stop" -> stop();
            case "response_format" -> ResponseFormatReader.read(in, ignored, request);
            case "reasoning_effort" -> request.setReasoningEffort(in.string());
            case "metadata" -> metadata();
            case "parallel_tool_calls" -> request.setParallelToolCalls(in.bool());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean toolField(String key) {
        switch (key) {
            case "tools" -> tools.readTools(request);
            case "functions" -> tools.readFunctions(request);
            case "tool_choice" -> toolChoice.read();
            case "function_call" -> toolChoice.readFunctionCall();
            default -> {
                return false;
            }
        }
        toolFields.add(key);
        return true;
    }

    private boolean extension(String key) {
        switch (key) {
            case "session_id" -> request.setSessionId(in.string());
            case "project_id" -> request.setProjectId(in.string());
            case "system_prompt" -> request.setSystemPrompt(in.string());
            case "background" -> request.setBackground(in.bool());
            case "queue" -> request.setQueue(in.bool());
            case "mcp" -> mcp();
            default -> {
                return false;
            }
        }
        return true;
    }

    /// `include_obfuscation` asks for padding against listeners, which nothing depends on.
    private void streamOptions() {
        in.enterObject();
        while (in.nextKey()) {
            switch (in.key()) {
                case "include_usage" -> includeUsage = !in.isNull() && in.bool();
                case "include_obfuscation" -> in.skip();
                default -> ChatMessageReader.ignore(in, ignored);
            }
        }
    }

    private void stop() {
        if (in.kind() == JsonKind.STRING) {
            request.addStop(in.string());
            return;
        }
        if (in.kind() != JsonKind.ARRAY) {
            throw in.wrong("a string or an array of strings");
        }
        in.enterArray();
        while (in.nextElement()) {
            request.addStop(in.string());
        }
    }

    private void metadata() {
        in.enterObject();
        while (in.nextKey()) {
            String key = in.key();
            request.putMetadata(key, in.string());
        }
    }

    private void mcp() {
        in.enterObject();
        ToolSelection.Builder mcp = ToolSelection.newBuilder();
        while (in.nextKey()) {
            switch (in.key()) {
                case "enabled" -> mcp.setEnabled(in.bool());
                case "audit_log" -> mcp.setAuditLog(in.bool());
                case "enabled_servers" -> texts(mcp::addEnabledServers);
                case "enabled_tools" -> texts(mcp::addEnabledTools);
                case "priority" -> texts(mcp::addPriority);
                default -> ChatMessageReader.ignore(in, ignored);
            }
        }
        request.setMcp(mcp);
    }

    private void texts(Consumer<String> add) {
        if (in.isNull()) {
            return;
        }
        in.enterArray();
        while (in.nextElement()) {
            add.accept(in.string());
        }
    }

    private ChatCall finished() {
        refuseOldBesideNew("functions", "tools");
        refuseOldBesideNew("function_call", "tool_choice");
        toolChoice.apply(request);
        boolean oldFunctions = toolFields.contains("functions");
        if (oldFunctions) {
            request.setParallelToolCalls(false);
        }
        String maxTokensName = limitTokens();
        return new ChatCall(request, stream, includeUsage, ignored, maxTokensName, oldFunctions);
    }

    private void refuseOldBesideNew(String old, String current) {
        if (toolFields.contains(old) && toolFields.contains(current)) {
            throw Failure.invalid(
                    old, old + " cannot be sent beside " + current + "; leave it out.");
        }
    }

    /// Of the two names of the limit the newer one wins; the other is reported where it differs.
    private String limitTokens() {
        if (maxCompletionTokens.isEmpty()) {
            maxTokens.ifPresent(request::setMaxTokens);
            return MAX_TOKENS;
        }
        request.setMaxTokens(maxCompletionTokens.getAsLong());
        if (maxTokens.isPresent() && !maxTokens.equals(maxCompletionTokens)) {
            ignored.add(MAX_TOKENS);
        }
        return MAX_COMPLETION_TOKENS;
    }
}
