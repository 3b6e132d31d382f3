package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.conversation.FinishReason;
import dev.tandem.conversation.Message.Original;
import dev.tandem.conversation.Usage;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.provider.ModelEvent;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Turns the events of Anthropic's stream into ours. It knows no socket and no clock.
///
/// The order on the wire, without exception in 307 recorded streams: `message_start`, then for each
/// block its start, deltas and stop, then `message_delta` with the stop reason and the totals, then
/// `message_stop`; `ping` anywhere. Blocks are told apart by their index alone, and unknown events,
/// blocks and deltas are let pass, as Anthropic's rules of versioning ask.
///
/// An answer may come in several messages: one that stops with `pause_turn` is continued by the
/// next, after [#resume()].
final class AnthropicEvents {
    private final String model;
    private final AnthropicErrors errors;
    private final AnthropicFrame frame = new AnthropicFrame();
    private final Map<Integer, AnthropicBlock> open = new HashMap<>();
    private final List<AnthropicBlock> blocks = new ArrayList<>();
    private final Map<String, String> toolNames = new HashMap<>();

    /// Of the messages that were paused.
    private Usage earlier = Usage.NONE;

    private Usage current = Usage.NONE;
    private int toolCalls;
    private String stopReason = "";
    private @Nullable String stopSequence;
    private @Nullable String refusal;
    private @Nullable String container;
    private boolean paused;

    /// @param model the model's name at Anthropic, under which the answer will be sent back
    AnthropicEvents(String model, AnthropicErrors errors) {
        this.model = model;
        this.errors = errors;
    }

    /// Takes one event's data.
    ///
    /// @param out gets what it means, in order; often nothing
    /// @throws Failure when it is an error, or no JSON
    void accept(byte[] data, int offset, int length, Consumer<ModelEvent> out) {
        try {
            frame.read(data, offset, length);
            dispatch(out);
        } catch (IOException broken) {
            throw new Failure(
                    FailureCode.UPSTREAM_ERROR, "anthropic sent an event that is not JSON", broken);
        }
    }

    /// Whether Anthropic waits for the answer so far to be sent back, to go on with it.
    boolean isPaused() {
        return paused;
    }

    /// What the next message says continues this answer.
    void resume() {
        paused = false;
        earlier = earlier.plus(current);
        current = Usage.NONE;
        open.clear();
    }

    /// The container in which Anthropic runs code for this answer.
    Optional<String> container() {
        return Optional.ofNullable(container);
    }

    /// The content so far, as it came.
    String contentJson() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(text)) {
            json.writeStartArray();
            for (AnthropicBlock block : blocks) {
                if (!block.isEmptyText()) {
                    block.write(json);
                }
            }
            json.writeEndArray();
        } catch (IOException impossible) {
            throw new IllegalStateException("a block could not be written", impossible);
        }
        return text.toString();
    }

    private void dispatch(Consumer<ModelEvent> out) throws IOException {
        switch (frame.type) {
            case "content_block_delta" -> delta(out);
            case "content_block_start" -> blockStart(out);
            case "content_block_stop" -> blockStop(out);
            case "message_start" -> {
                current = frame.usage.over(Usage.NONE);
                out.accept(new ModelEvent.UsageSoFar(earlier.plus(current)));
            }
            case "message_delta" -> messageDelta(out);
            case "message_stop" -> messageStop(out);
            case "error" -> throw errors.ofStream(frame.errorType, frame.errorMessage);
            default -> {
                // ping, and what Anthropic may add
            }
        }
    }

    private void blockStart(Consumer<ModelEvent> out) throws IOException {
        byte[] raw = frame.block;
        if (raw == null) {
            return;
        }
        AnthropicBlock block = new AnthropicBlock(raw, toolCalls);
        open.put(frame.index, block);
        blocks.add(block);
        switch (block.type()) {
            case "text" -> text(block.text("text"), out);
            case "thinking" -> reasoning(block.text("thinking"), out);
            case "tool_use" ->
                    out.accept(
                            new ModelEvent.ToolCall(
                                    toolCalls++, block.text("id"), block.text("name")));
            case "server_tool_use", "mcp_tool_use" ->
                    toolNames.put(block.text("id"), block.text("name"));
            case String type when type.endsWith("_tool_result") -> out.accept(result(block));
            default -> {
                // redacted_thinking, compaction, container_upload …: only in the original
            }
        }
    }

    private void delta(Consumer<ModelEvent> out) {
        AnthropicBlock block = open.get(frame.index);
        if (block == null) {
            return;
        }
        byte[] citation = frame.citation;
        if (citation != null) {
            block.cite(citation);
        } else if (frame.deltaType.equals("input_json_delta")) {
            block.appendInput(frame.piece);
            if (!frame.piece.isEmpty() && block.type().equals("tool_use")) {
                out.accept(new ModelEvent.ToolArguments(block.toolIndex(), frame.piece));
            }
        } else if (!frame.piece.isEmpty()) {
            block.append(frame.pieceField, frame.piece);
            switch (frame.deltaType) {
                case "text_delta" -> text(frame.piece, out);
                case "thinking_delta" -> reasoning(frame.piece, out);
                default -> {
                    // signature_delta, compaction_delta …: only in the original
                }
            }
        }
    }

    private void blockStop(Consumer<ModelEvent> out) {
        AnthropicBlock block = open.remove(frame.index);
        if (block == null) {
            return;
        }
        switch (block.type()) {
            case "tool_use" -> {
                // Arguments that came whole, with the block's start.
                if (!block.hasStreamedInput() && !block.field("input").isEmpty()) {
                    out.accept(new ModelEvent.ToolArguments(block.toolIndex(), block.inputJson()));
                }
                out.accept(new ModelEvent.ToolCallWhole(block.toolIndex()));
            }
            case "server_tool_use", "mcp_tool_use" ->
                    out.accept(
                            new ModelEvent.ProviderToolUse(
                                    block.text("id"), block.text("name"), block.inputJson()));
            default -> {
                // said already, or not at all
            }
        }
    }

    private void messageDelta(Consumer<ModelEvent> out) {
        current = frame.usage.over(current);
        stopReason = frame.stopReason;
        stopSequence = frame.stopSequence;
        refusal = frame.refusal;
        if (frame.container != null) {
            container = frame.container;
        }
        out.accept(new ModelEvent.UsageSoFar(earlier.plus(current)));
    }

    private void messageStop(Consumer<ModelEvent> out) {
        if (stopReason.equals("pause_turn")) {
            paused = true;
            return;
        }
        out.accept(
                new ModelEvent.Finished(
                        reason(),
                        Optional.ofNullable(stopSequence),
                        Optional.ofNullable(refusal),
                        earlier.plus(current),
                        Optional.of(new Original(AnthropicProvider.NAME, model, contentJson()))));
    }

    private FinishReason reason() {
        return switch (stopReason) {
            case "tool_use" -> FinishReason.TOOL_CALLS;
            case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
            case "refusal" -> FinishReason.CONTENT_FILTER;
            // end_turn, stop_sequence, and what Anthropic may add
            default -> FinishReason.STOP;
        };
    }

    private ModelEvent result(AnthropicBlock block) {
        String id = block.text("tool_use_id");
        JsonNode content = block.field("content");
        boolean failed =
                block.field("is_error").asBoolean(false)
                        || content.path("type").asText("").endsWith("_error");
        return new ModelEvent.ProviderToolResult(
                id, toolNames.getOrDefault(id, ""), ShownResult.of(content), failed);
    }

    private static void text(String piece, Consumer<ModelEvent> out) {
        if (!piece.isEmpty()) {
            out.accept(new ModelEvent.Text(piece));
        }
    }

    private static void reasoning(String piece, Consumer<ModelEvent> out) {
        if (!piece.isEmpty()) {
            out.accept(new ModelEvent.Reasoning(piece));
        }
    }
}
