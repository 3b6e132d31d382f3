package dev.tandem.edge.openai;

import dev.tandem.edge.json.JsonIn;
import dev.tandem.edge.json.JsonKind;
import dev.tandem.failure.Failure;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.Tool;
import dev.tandem.v1.ToolChoice;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Reads `tool_choice` in all its forms, and the older `function_call`. A choice among some tools
/// becomes a request with those tools only.
final class ToolChoiceReader {
    private static final String FUNCTION = "function";
    private static final String ALLOWED = "allowed_tools";
    private static final Set<String> MODES = Set.of("auto", "none", "required");

    private final JsonIn in;
    private final IgnoredParameters ignored;
    private final ToolChoice.Builder choice = ToolChoice.newBuilder();
    private final Set<String> allowed = new TreeSet<>();
    private String type = "";
    private boolean given;

    ToolChoiceReader(JsonIn in, IgnoredParameters ignored) {
        this.in = in;
        this.ignored = ignored;
    }

    void read() {
        given = true;
        if (in.kind() == JsonKind.STRING) {
            choice.setMode(mode());
        } else if (in.kind() == JsonKind.OBJECT) {
            object();
        } else {
            throw in.wrong("a string or an object");
        }
    }

    void readFunctionCall() {
        given = true;
        if (in.kind() == JsonKind.STRING) {
            choice.setMode(mode());
        } else {
            choice.setMode(FUNCTION).setName(name());
        }
    }

    /// Puts the choice into a request whose tools are known.
    void apply(ChatCompletionRequest.Builder request) {
        if (!given) {
            return;
        }
        request.setToolChoice(choice);
        if (type.equals(ALLOWED)) {
            keepAllowed(request);
        }
    }

    private String mode() {
        String mode = in.string();
        if (!MODES.contains(mode)) {
            throw in.failure("must be auto, none, required or an object, was " + mode);
        }
        return mode;
    }

    private void object() {
        in.enterObject();
        while (in.nextKey()) {
            switch (in.key()) {
                case "type" -> type = in.string();
                case FUNCTION -> choice.setMode(FUNCTION).setName(name());
                case ALLOWED -> allowedTools();
                case "mode" -> choice.setMode(mode());
                case "tools" -> tools();
                default -> ChatMessageReader.ignore(in, ignored);
            }
        }
        boolean complete =
                (type.equals(FUNCTION) && choice.hasName()) || (type.equals(ALLOWED) && hasMode());
        if (!complete) {
            throw in.failureAt(
                    "type", "must be function or allowed_tools, with a field of that name");
        }
    }

    private boolean hasMode() {
        return MODES.contains(choice.getMode());
    }

    private void allowedTools() {
        in.enterObject();
        while (in.nextKey()) {
            switch (in.key()) {
                case "mode" -> choice.setMode(mode());
                case "tools" -> tools();
                default -> ChatMessageReader.ignore(in, ignored);
            }
        }
    }

    private void tools() {
        in.enterArray();
        while (in.nextElement()) {
            tool();
        }
    }

    private void tool() {
        in.enterObject();
        while (in.nextKey()) {
            switch (in.key()) {
                case FUNCTION -> allowed.add(name());
                case "name" -> allowed.add(in.string());
                case "type" -> functionOnly();
                default -> ChatMessageReader.ignore(in, ignored);
            }
        }
    }

    private void functionOnly() {
        if (!in.string().equals(FUNCTION)) {
            throw in.failure("must be function");
        }
    }

    private String name() {
        String name = "";
        in.enterObject();
        while (in.nextKey()) {
            switch (in.key()) {
                case "name" -> name = in.string();
                default -> ChatMessageReader.ignore(in, ignored);
            }
        }
        if (name.isEmpty()) {
            throw in.failureAt("name", "is missing");
        }
        return name;
    }

    private void keepAllowed(ChatCompletionRequest.Builder request) {
        List<Tool> kept =
                request.getToolsList().stream()
                        .filter(tool -> allowed.contains(tool.getName()))
                        .toList();
        Set<String> unknown = new HashSet<>(allowed);
        kept.forEach(tool -> unknown.remove(tool.getName()));
        if (!unknown.isEmpty()) {
            throw Failure.invalid(
                    "tool_choice.allowed_tools.tools",
                    "tool_choice.allowed_tools.tools must be among tools, which lack "
                            + String.join(", ", unknown)
                            + ".");
        }
        request.clearTools().addAllTools(kept);
    }
}
