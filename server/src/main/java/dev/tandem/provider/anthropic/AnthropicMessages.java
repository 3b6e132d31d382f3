package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Message.Original;
import dev.tandem.failure.Failure;
import dev.tandem.provider.anthropic.AnthropicTurns.Piece;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A conversation in the shape that Anthropic accepts. Its rules, each a 400 otherwise: roles
/// alternate; after an answer with tool calls the user's message begins with one result for each of
/// them; no text is blank; a system message stands at the end of a user's turn.
final class AnthropicMessages {
    private static final String UNANSWERED = "The tool was not run.";

    private final ClaudeModel traits;
    private final String model;
    private final Set<String> ignored;
    private final AnthropicTurns turns = new AnthropicTurns();
    private final List<String> hoisted = new ArrayList<>();

    /// System messages that wait for the end of the user's turn in which they stand.
    private final List<String> waitingSystem = new ArrayList<>();

    /// The calls of the last answer, and the results that were given so far.
    private final Set<String> calls = new LinkedHashSet<>();

    private final Map<String, Content.ToolResult> results = new LinkedHashMap<>();
    private List<Content> userContent = new ArrayList<>();

    /// Whether the last answer calls tools, and that answer as its model wrote it.
    private boolean inToolLoop;

    private String loopJson = "[]";

    /// @param ignored gets the names of what is left out
    AnthropicMessages(
            List<Message> messages, String model, ClaudeModel traits, Set<String> ignored) {
        this.traits = traits;
        this.model = model;
        this.ignored = ignored;
        messages.forEach(this::add);
        endUserTurn(true);
        if (turns.isEmpty()) {
            throw Failure.invalid("messages", "messages must say something, but are all empty");
        }
        if (turns.endWith("assistant") && !traits.takesPrefill()) {
            throw Failure.invalid(
                    "messages",
                    "messages must end with one of the user's or a tool's: "
                            + model
                            + " does not go on with an answer that was begun for it");
        }
    }

    /// What could not stay where it was and belongs into the system prompt.
    List<String> hoisted() {
        return hoisted;
    }

    /// Whether the conversation stands in a tool loop that did not begin with a thought. A model
    /// that thinks by budget refuses to go on with such a one while it is told to think.
    boolean lacksThoughts() {
        return inToolLoop && !startsWithThought(loopJson);
    }

    private static boolean startsWithThought(String contentJson) {
        try {
            String first = Json.MAPPER.readTree(contentJson).path(0).path("type").asText("");
            return first.equals("thinking") || first.equals("redacted_thinking");
        } catch (IOException broken) {
            return false;
        }
    }

    /// Writes the field `messages`.
    ///
    /// @param partial an answer so far that was paused, as it came, to be gone on with
    void write(JsonGenerator json, Optional<String> partial) throws IOException {
        turns.write(json, partial);
    }

    private void add(Message message) {
        if (message.name().isPresent()) {
            ignored.add("messages.name");
        }
        switch (message.role()) {
            case SYSTEM, DEVELOPER -> system(message.text());
            case USER, TOOL -> message.content().forEach(this::user);
            case ASSISTANT -> assistant(message);
        }
    }

    private void system(String text) {
        if (text.isBlank()) {
            return;
        }
        boolean opens = turns.isEmpty() && userContent.isEmpty();
        (traits.takesSystemMessages() && !opens ? waitingSystem : hoisted).add(text);
    }

    private void user(Content content) {
        if (content instanceof Content.ToolResult result) {
            if (!calls.contains(result.toolUseId())) {
                throw Failure.invalid(
                        "messages",
                        "messages hold a result for the tool call "
                                + result.toolUseId()
                                + ", but the answer before it makes no such call");
            }
            results.put(result.toolUseId(), result);
            return;
        }
        if (content instanceof Content.Image(_, Optional<String> detail)
                && !detail.orElse("auto").equals("auto")) {
            ignored.add("messages.image_url.detail");
        }
        userContent.add(content);
    }

    private void assistant(Message message) {
        endUserTurn(false);
        List<Piece> pieces = new ArrayList<>();
        Optional<Original> original =
                message.original().filter(this::isOurs).filter(AnthropicMessages::saysSomething);
        if (original.isPresent()) {
            String json = original.get().json();
            String blocks = json.substring(json.indexOf('[') + 1, json.lastIndexOf(']'));
            pieces.add(generator -> generator.writeRawValue(blocks));
        } else {
            message.content().forEach(content -> translate(content, pieces));
        }
        if (pieces.isEmpty()) {
            return;
        }
        turns.append("assistant", pieces);
        message.toolUses().forEach(call -> calls.add(call.id()));
        inToolLoop = !calls.isEmpty();
        loopJson = original.map(Original::json).orElse("[]");
    }

    private boolean isOurs(Original original) {
        return original.provider().equals(AnthropicProvider.NAME) && original.model().equals(model);
    }

    private static boolean saysSomething(Original original) {
        return !original.json().strip().equals("[]");
    }

    private void translate(Content content, List<Piece> pieces) {
        switch (content) {
            case Content.Text(String text) -> text(text, pieces);
            case Content.Refusal(String text) -> text(text, pieces);
            case Content.ToolUse call -> pieces.add(json -> AnthropicContent.write(call, json));
            case Content.Reasoning _ -> {
                // Thoughts are worth nothing without their signature, which only originals have.
            }
            case Content.Image _, Content.Document _, Content.Audio _, Content.ToolResult _ ->
                    throw Failure.invalid(
                            "messages",
                            "messages of the assistant may hold text and tool calls only");
        }
    }

    private static void text(String text, List<Piece> pieces) {
        if (!text.isBlank()) {
            pieces.add(json -> AnthropicContent.writeText(text, json));
        }
    }

    /// Writes what the user said since the last answer: results, then the rest, then the system
    /// messages among it.
    private void endUserTurn(boolean last) {
        List<Piece> pieces = new ArrayList<>();
        for (String call : calls) {
            Content.ToolResult result =
                    results.getOrDefault(
                            call,
                            new Content.ToolResult(
                                    call, List.of(new Content.Text(UNANSWERED)), true));
            AnthropicContent.check(result.content());
            pieces.add(json -> AnthropicContent.write(result, json));
        }
        for (Content content : userContent) {
            if (content instanceof Content.Text(String text)) {
                text(text, pieces);
            } else {
                AnthropicContent.check(List.of(content));
                pieces.add(json -> AnthropicContent.write(content, json));
            }
        }
        if (!pieces.isEmpty()) {
            turns.append("user", pieces);
        }
        endSystem(last);
        calls.clear();
        results.clear();
        userContent = new ArrayList<>();
    }

    private void endSystem(boolean last) {
        boolean afterUser = turns.endWith("user") || turns.endWith("system");
        if (!afterUser) {
            if (last || turns.isEmpty()) {
                hoisted.addAll(waitingSystem);
                waitingSystem.clear();
            }
            return;
        }
        List<Piece> pieces = new ArrayList<>();
        waitingSystem.forEach(text -> text(text, pieces));
        waitingSystem.clear();
        if (!pieces.isEmpty()) {
            turns.append("system", pieces);
        }
    }
}
