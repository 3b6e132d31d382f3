package dev.tandem.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Violation;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolHints;
import dev.tandem.tool.ToolOutput;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A tool with its schema ready for use.
record CheckedTool(ToolDefinition definition, ArgumentsSchema schema) {

    /// @throws IllegalArgumentException naming the tool, where its schema is none
    static CheckedTool of(PluginTool tool) {
        try {
            ArgumentsSchema schema = ArgumentsSchema.of(tool.inputSchemaJson());
            return new CheckedTool(definition(tool), schema);
        } catch (IllegalArgumentException | JsonProcessingException broken) {
            throw new IllegalArgumentException(
                    "the input schema of its tool " + tool.name() + ": " + broken.getMessage(),
                    broken);
        }
    }

    String name() {
        return definition.name();
    }

    /// What the model is told where its arguments do not fit; empty where they do.
    ///
    /// @throws dev.tandem.failure.Failure INVALID_REQUEST where they are no JSON object
    Optional<ToolOutput> refusal(String argumentsJson) {
        List<Violation> violations = schema.violations(argumentsJson);
        if (violations.isEmpty()) {
            return Optional.empty();
        }
        String text = violations.stream().map(Violation::text).collect(Collectors.joining("; "));
        return Optional.of(
                ToolOutput.failure(
                        "The arguments of " + name() + " do not fit its schema: " + text + "."));
    }

    private static ToolDefinition definition(PluginTool tool) throws JsonProcessingException {
        ObjectNode json = ArgumentsSchema.JSON.createObjectNode();
        json.put("name", tool.name()).put("description", tool.description());
        json.set("inputSchema", ArgumentsSchema.JSON.readTree(tool.inputSchemaJson()));
        ToolHints hints = tool.hints();
        if (!hints.equals(ToolHints.NONE)) {
            ObjectNode annotations = json.putObject("annotations");
            hints.readOnly().ifPresent(yes -> annotations.put("readOnlyHint", yes));
            hints.destructive().ifPresent(yes -> annotations.put("destructiveHint", yes));
            hints.idempotent().ifPresent(yes -> annotations.put("idempotentHint", yes));
            hints.openWorld().ifPresent(yes -> annotations.put("openWorldHint", yes));
        }
        return new ToolDefinition(
                tool.name(),
                Optional.empty(),
                Optional.of(tool.description()),
                tool.inputSchemaJson(),
                Optional.empty(),
                hints,
                json.toString());
    }
}
