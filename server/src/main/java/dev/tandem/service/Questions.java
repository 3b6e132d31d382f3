package dev.tandem.service;

import dev.tandem.auth.Caller;
import dev.tandem.conversation.AnswerFormat;
import dev.tandem.conversation.ToolChoice;
import dev.tandem.conversation.ToolSpec;
import dev.tandem.engine.Question;
import dev.tandem.failure.Failure;
import dev.tandem.provider.ModelRequest.Options;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ResponseFormat;
import dev.tandem.v1.Tool;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Chat requests, from wire to domain.
final class Questions {
    private Questions() {}

    static Question domain(Caller caller, ChatCompletionRequest request) {
        List<ToolSpec> tools = tools(request.getToolsList());
        return new Question(
                caller,
                Fields.text(request.hasModel(), request.getModel()).filter(m -> !m.isEmpty()),
                ChatMessages.domain(request.getMessagesList()),
                tools,
                toolChoice(request, tools),
                request.hasMaxTokens() ? Optional.of(request.getMaxTokens()) : Optional.empty(),
                options(request),
                Fields.text(request.hasSessionId(), request.getSessionId()),
                Fields.text(request.hasProjectId(), request.getProjectId()),
                Fields.text(request.hasSystemPrompt(), request.getSystemPrompt()),
                request.hasMcp()
                        ? Optional.of(ToolSelectionWire.domain(request.getMcp()))
                        : Optional.empty());
    }

    private static List<ToolSpec> tools(List<Tool> tools) {
        Set<String> names = new HashSet<>();
        List<ToolSpec> specs = new ArrayList<>(tools.size());
        for (int i = 0; i < tools.size(); i++) {
            Tool tool = tools.get(i);
            String at = "tools[" + i + "].name";
            if (!names.add(tool.getName())) {
                throw Failure.invalid(at, at + " is used twice: " + tool.getName() + ".");
            }
            specs.add(
                    new ToolSpec(
                            tool.getName(),
                            Fields.text(tool.hasDescription(), tool.getDescription()),
                            tool.getParametersJson(),
                            Fields.flag(tool.hasStrict(), tool.getStrict())));
        }
        return specs;
    }

    private static Optional<ToolChoice> toolChoice(
            ChatCompletionRequest request, List<ToolSpec> tools) {
        if (!request.hasToolChoice()) {
            return Optional.empty();
        }
        String mode = request.getToolChoice().getMode();
        ToolChoice choice =
                switch (mode) {
                    case "auto" -> new ToolChoice.Auto();
                    case "none" -> new ToolChoice.None();
                    case "required" -> new ToolChoice.Required();
                    case "function" -> named(request.getToolChoice().getName(), tools);
                    default -> throw Fields.unchecked("tool_choice.mode", mode);
                };
        if (choice instanceof ToolChoice.Required && tools.isEmpty()) {
            throw Failure.invalid("tool_choice", "tool_choice is required, but tools is empty.");
        }
        return Optional.of(choice);
    }

    private static ToolChoice named(String name, List<ToolSpec> tools) {
        if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
            throw Failure.invalid(
                    "tool_choice", "tool_choice names '" + name + "', which is not in tools.");
        }
        return new ToolChoice.Named(name);
    }

    private static Options options(ChatCompletionRequest request) {
        return new Options(
                request.hasParallelToolCalls()
                        ? Optional.of(request.getParallelToolCalls())
                        : Optional.empty(),
                request.hasTemperature() ? Optional.of(request.getTemperature()) : Optional.empty(),
                request.hasTopP() ? Optional.of(request.getTopP()) : Optional.empty(),
                request.getStopList(),
                request.hasResponseFormat()
                        ? format(request.getResponseFormat())
                        : new AnswerFormat.Text(),
                Fields.text(request.hasReasoningEffort(), request.getReasoningEffort()),
                request.getMetadataMap(),
                request.getExtraParametersJsonMap());
    }

    private static AnswerFormat format(ResponseFormat format) {
        return switch (format.getType()) {
            case "text" -> new AnswerFormat.Text();
            case "json_object" -> new AnswerFormat.JsonObject();
            case "json_schema" ->
                    new AnswerFormat.JsonSchema(
                            Fields.required("response_format.json_schema.name", format.getName()),
                            Fields.required(
                                    "response_format.json_schema.schema", format.getSchemaJson()),
                            Fields.text(format.hasDescription(), format.getDescription()),
                            format.hasStrict()
                                    ? Optional.of(format.getStrict())
                                    : Optional.empty());
            default -> throw Fields.unchecked("response_format.type", format.getType());
        };
    }
}
