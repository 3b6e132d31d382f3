package dev.tandem.edge.openai;

import dev.tandem.edge.json.JsonIn;
import dev.tandem.edge.json.JsonKind;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.Tool;

/// Reads the tools that a client offers, in the new form and in the old.
final class ToolReader {
    private static final String FUNCTION = "function";

    private final JsonIn in;
    private final IgnoredParameters ignored;

    ToolReader(JsonIn in, IgnoredParameters ignored) {
        this.in = in;
        this.ignored = ignored;
    }

    void readTools(ChatCompletionRequest.Builder into) {
        in.enterArray();
        while (in.nextElement()) {
            into.addTools(tool());
        }
    }

    void readFunctions(ChatCompletionRequest.Builder into) {
        in.enterArray();
        while (in.nextElement()) {
            into.addTools(function());
        }
    }

    private Tool tool() {
        Tool function = Tool.getDefaultInstance();
        in.enterObject();
        while (in.nextKey()) {
            switch (in.key()) {
                case "type" -> type();
                case FUNCTION -> function = function();
                default -> ChatMessageReader.ignore(in, ignored);
            }
        }
        if (function.getName().isEmpty()) {
            throw in.failureAt(FUNCTION, "is missing");
        }
        return function;
    }

    private void type() {
        String type = in.string();
        if (!type.equals(FUNCTION)) {
            throw in.failure("must be function; " + type + " tools are not supported");
        }
    }

    private Tool function() {
        Tool.Builder tool = Tool.newBuilder();
        in.enterObject();
        while (in.nextKey()) {
            switch (in.isNull() ? "" : in.key()) {
                case "name" -> tool.setName(in.string());
                case "description" -> tool.setDescription(in.string());
                case "parameters" -> tool.setParametersJson(schema());
                case "strict" -> tool.setStrict(in.bool());
                default -> ChatMessageReader.ignore(in, ignored);
            }
        }
        if (tool.getName().isEmpty()) {
            throw in.failureAt("name", "is missing");
        }
        return tool.build();
    }

    private String schema() {
        if (in.kind() != JsonKind.OBJECT) {
            throw in.wrong("a JSON Schema, an object");
        }
        return in.json();
    }
}
