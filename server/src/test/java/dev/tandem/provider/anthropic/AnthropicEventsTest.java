package dev.tandem.provider.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.conversation.Usage;
import dev.tandem.failure.Failure;
import dev.tandem.provider.ModelEvent;
import dev.tandem.secret.Secret;
import dev.tandem.provider.http.SseReader;
import dev.tandem.testing.Golden;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One stream in, our events out: `golden/anthropic/events/<case>`.
final class AnthropicEventsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text",
                "interleaved-tools",
                "cut-off-tool",
                "thinking",
                "server-tools",
                "unknown",
                "usage-later",
                "refusal",
                "error",
                "not-json"
            })
    void saysWhatTheStreamSays(String name) throws Exception {
        String folder = "anthropic/events/" + name + "/";
        List<String> lines = new ArrayList<>();
        AnthropicEvents events = events();

        try {
            feed(events, Golden.input(folder + "stream.sse"), event -> lines.add(line(event)));
        } catch (Failure failure) {
            lines.add("failure " + failure.code().word() + ": " + failure.text());
        }

        Golden.check(folder + "expected.txt", String.join("\n", lines));
    }

    @Test
    void aPausedAnswerGoesOnWithItsBlocksItsCallsAndItsUsage() throws Exception {
        AnthropicEvents events = events();
        List<ModelEvent> out = new ArrayList<>();
        feed(
                events,
                bytes(
                        """
                        data: {"type":"message_start","message":{"usage":{"input_tokens":10,"output_tokens":1}}}

                        data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"f","input":{}}}

                        data: {"type":"content_block_stop","index":0}

                        data: {"type":"message_delta","delta":{"stop_reason":"pause_turn","container":{"id":"c1"}},"usage":{"output_tokens":5}}

                        data: {"type":"message_stop"}

                        """),
                out::add);

        assertTrue(events.isPaused());
        assertEquals(
                "[{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\",\"input\":{}}]",
                events.contentJson());
        assertEquals("c1", events.container().orElseThrow());

        events.resume();
        feed(
                events,
                bytes(
                        """
                        data: {"type":"message_start","message":{"usage":{"input_tokens":20,"output_tokens":1}}}

                        data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"b","name":"f","input":{}}}

                        data: {"type":"content_block_stop","index":0}

                        data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":7}}

                        data: {"type":"message_stop"}

                        """),
                out::add);

        ModelEvent.Finished finished = (ModelEvent.Finished) out.getLast();
        assertEquals(new Usage(30, 0, 0, 12, 0, 0), finished.usage());
        assertEquals(
                "[{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\",\"input\":{}},"
                        + "{\"type\":\"tool_use\",\"id\":\"b\",\"name\":\"f\",\"input\":{}}]",
                finished.original().orElseThrow().json());
        assertTrue(out.contains(new ModelEvent.ToolCall(0, "a", "f")));
        assertTrue(out.contains(new ModelEvent.ToolCall(1, "b", "f")));
        assertTrue(out.contains(new ModelEvent.UsageSoFar(new Usage(30, 0, 0, 6, 0, 0))));
    }

    private static AnthropicEvents events() {
        return new AnthropicEvents("claude-test", new AnthropicErrors(new Secret("sk-test")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void feed(AnthropicEvents events, byte[] stream, Consumer<ModelEvent> out)
            throws InterruptedException {
        ByteArrayInputStream bytes = new ByteArrayInputStream(stream);
        SseReader reader = new SseReader(bytes::read, 1 << 20);
        while (reader.next()) {
            events.accept(reader.buffer(), reader.offset(), reader.length(), out);
        }
    }

    private static String line(ModelEvent event) {
        return switch (event) {
            case ModelEvent.Text(String text) -> "text " + quote(text);
            case ModelEvent.Reasoning(String text) -> "reasoning " + quote(text);
            case ModelEvent.ToolCall(int index, String id, String name) ->
                    "call " + index + " " + id + " " + name;
            case ModelEvent.ToolArguments(int index, String fragment) ->
                    "arguments " + index + " " + quote(fragment);
            case ModelEvent.ToolCallWhole(int index) -> "whole " + index;
            case ModelEvent.ProviderToolUse(String id, String name, String input) ->
                    "provider tool " + id + " " + name + " " + input;
            case ModelEvent.ProviderToolResult(String id, String name, String text, boolean no) ->
                    "provider result " + id + " " + name + (no ? " failed " : " ") + quote(text);
            case ModelEvent.UsageSoFar(Usage usage) -> "usage " + counts(usage);
            case ModelEvent.Finished finished ->
                    "finished %s, stop %s, refusal %s, %s%noriginal %s"
                            .formatted(
                                    finished.reason().word(),
                                    finished.stopSequence().orElse("-"),
                                    finished.refusal().orElse("-"),
                                    counts(finished.usage()),
                                    finished.original().orElseThrow().json());
        };
    }

    private static String quote(String text) {
        return "«" + text.replace("\n", "\\n") + "»";
    }

    private static String counts(Usage usage) {
        return "in %d, read %d, written %d (hour %d), out %d (thought %d)"
                .formatted(
                        usage.inputTokens(),
                        usage.cacheReadTokens(),
                        usage.cacheWriteTokens(),
                        usage.cacheWriteHourTokens(),
                        usage.outputTokens(),
                        usage.reasoningTokens());
    }
}
