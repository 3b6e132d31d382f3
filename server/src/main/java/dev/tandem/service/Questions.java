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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Chat requests, from wire to domain, with the bounds of the contract.
final class Questions {
    private static final int TOOLS_MAX = 512;
    private static final int STOPS_MAX = 16;
    private static final int METADATA_MAX = 16;
    private static final int METADATA_CHARS_MAX = 512;
    private static final Pattern TOOL_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final Set<String> EFFORTS =
            Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

    private Questions() {}

    static Question domain(Caller caller, ChatCompletionRequest request) {
        List<ToolSpec> tools = tools(request.getToolsList());
        return new Question(
                caller,
                Fields.text(request.hasModel(), request.getModel()).filter(m -> !m.isEmpty()),
                ChatMessages.domain(request.getMessagesList()),
                tools,
                toolChoice(request, tools),
                maxTokens(request),
                options(request),
                Fields.text(request.hasSessionId(), request.getSessionId()),
                Fields.text(request.hasProjectId(), request.getProjectId()),
                Fields.bounded(
                        "system_prompt",
                        Fields.text(request.hasSystemPrompt(), request.getSystemPrompt()),
                        Fields.PROMPT_CHARS_MAX));
    }

    private static List<ToolSpec> tools(List<Tool> tools) {
        if (tools.size() > TOOLS_MAX) {
            throw Failure.invalid(
                    "tools", "tools must have at most " + TOOLS_MAX + ", has " + tools.size());
        }
        Set<String> names = new HashSet<>();
        List<ToolSpec> specs = new ArrayList<>(tools.size());
        for (int i = 0; i < tools.size(); i++) {
            Tool tool = tools.get(i);
            String at = "tools[" + i + "].name";
            if (!TOOL_NAME.matcher(tool.getName()).matches()) {
                throw Failure.invalid(
                        at,
                        at
                                + " must be 1 to 64 letters, digits, _ and -, was '"
                                + tool.getName()
                                + "'.");
            }
            if (!names.add(tool.getName())) {
                throw Failure.invalid(at, at + " is used twice: " + tool.getName() + ".");
            }
            specs.add(
                    new ToolSpec(
                            tool.getName(),
                            Fields.text(tool.hasDescription(), tool.getDescription()),
                            tool.getParametersJson(),
                            tool.hasStrict() ? Optional.of(tool.getStrict()) : Optional.empty()));
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
                    default ->
                            throw Failure.invalid(
                                    "tool_choice",
                                    "tool_choice must be auto, none, required or a function, was '"
                                            + mode
                                            + "'.");
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

    private static Optional<Long> maxTokens(ChatCompletionRequest request) {
        if (!request.hasMaxTokens()) {
            return Optional.empty();
        }
        if (request.getMaxTokens() < 1) {
            throw Failure.invalid(
                    "max_tokens", "max_tokens must be at least 1, was " + request.getMaxTokens());
        }
        return Optional.of(request.getMaxTokens());
    }

    private static Options options(ChatCompletionRequest request) {
        return new Options(
                request.hasParallelToolCalls()
                        ? Optional.of(request.getParallelToolCalls())
                        : Optional.empty(),
                within("temperature", request.hasTemperature(), request.getTemperature(), 2),
                within("top_p", request.hasTopP(), request.getTopP(), 1),
                stops(request.getStopList()),
                request.hasResponseFormat()
                        ? format(request.getResponseFormat())
                        : new AnswerFormat.Text(),
                effort(Fields.text(request.hasReasoningEffort(), request.getReasoningEffort())),
                metadata(request.getMetadataMap()),
                request.getExtraParametersJsonMap());
    }

    private static Optional<Double> within(
            String field, boolean present, double value, double max) {
        if (!present) {
            return Optional.empty();
        }
        if (!(value >= 0 && value <= max)) {
            throw Failure.invalid(
                    field, field + " must be 0 to " + (int) max + ", was " + value + ".");
        }
        return Optional.of(value);
    }

    private static List<String> stops(List<String> stops) {
        if (stops.size() > STOPS_MAX || stops.contains("")) {
            throw Failure.invalid(
                    "stop", "stop must have at most " + STOPS_MAX + " texts, none of them empty.");
        }
        return stops;
    }

    private static Optional<String> effort(Optional<String> effort) {
        effort.filter(word -> !EFFORTS.contains(word))
                .ifPresent(
                        word -> {
                            throw Failure.invalid(
                                    "reasoning_effort",
                                    "reasoning_effort must be none, minimal, low, medium, high,"
                                            + " xhigh or max, was '"
                                            + word
                                            + "'.");
                        });
        return effort;
    }

    private static Map<String, String> metadata(Map<String, String> metadata) {
        boolean tooLong = metadata.values().stream().anyMatch(v -> v.length() > METADATA_CHARS_MAX);
        if (metadata.size() > METADATA_MAX || tooLong) {
            throw Failure.invalid(
                    "metadata",
                    "metadata must have at most 16 entries of at most 512 characters each.");
        }
        return metadata;
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
            default ->
                    throw Failure.invalid(
                            "response_format.type",
                            "response_format.type must be text, json_object or json_schema, was '"
                                    + format.getType()
                                    + "'.");
        };
    }
}
