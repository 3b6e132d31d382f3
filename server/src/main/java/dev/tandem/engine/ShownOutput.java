package dev.tandem.engine;

import dev.tandem.conversation.Content;
import dev.tandem.conversation.Content.Source;
import dev.tandem.run.RunEvent;
import dev.tandem.tool.ToolOutput;
import dev.tandem.toolbox.CallOutcome;
import dev.tandem.toolbox.ToolRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a tool has answered, as a model and as people read it. Pure.
final class ShownOutput {
    /// What every provider that sees pictures reads.
    private static final Set<String> PICTURES =
            Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

    private static final String NOTHING = "The tool has answered nothing.";

    private ShownOutput() {}

    static RunEvent.ToolResult event(ToolRequest request, CallOutcome outcome) {
        List<Content> content = content(outcome.output());
        return new RunEvent.ToolResult(
                request.callId(),
                request.tool().name(),
                text(content),
                content,
                outcome.output().failed(),
                Optional.of(outcome.took()));
    }

    /// What a model gets: never nothing, and nothing that makes a provider refuse the question.
    static List<Content> content(ToolOutput output) {
        List<Content> content =
                output.content().stream()
                        .filter(
                                piece ->
                                        !(piece instanceof Content.Text said
                                                && said.text().isBlank()))
                        .map(ShownOutput::readable)
                        .toList();
        if (!content.isEmpty()) {
            return content;
        }
        return List.of(new Content.Text(output.structuredJson().orElse(NOTHING)));
    }

    private static Content readable(Content piece) {
        return switch (piece) {
            case Content.Image(Source.Inline(String type, String _), _)
                    when PICTURES.contains(type) ->
                    piece;
            case Content.Text _ -> piece;
            case Content.Image _,
                    Content.Document _,
                    Content.Audio _,
                    Content.Reasoning _,
                    Content.ToolUse _,
                    Content.ToolResult _,
                    Content.Refusal _ ->
                    new Content.Text(note(piece));
        };
    }

    private static String text(List<Content> content) {
        return content.stream()
                .map(piece -> piece instanceof Content.Text(String text) ? text : note(piece))
                .collect(Collectors.joining("\n"));
    }

    private static String note(Content piece) {
        return switch (piece) {
            case Content.Image(Source source, _) -> "[an image" + described(source) + "]";
            case Content.Document(Source source, _) -> "[a file" + described(source) + "]";
            case Content.Audio(String _, String format) -> "[sound, " + format + "]";
            case Content.Text(String text) -> text;
            case Content.Reasoning(String text) -> text;
            case Content.Refusal(String text) -> text;
            case Content.ToolUse use -> "[a call of " + use.name() + "]";
            case Content.ToolResult _ -> "[the answer of a tool]";
        };
    }

    private static String described(Source source) {
        return switch (source) {
            case Source.Inline(String type, String base64) ->
                    ", " + type + ", " + base64.length() / 4 * 3 / 1024 + " KiB";
            case Source.Remote(String url) -> " at " + url;
        };
    }
}
