package dev.tandem.clients.phone;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.testing.RecordedUpstream.Answer;
import dev.tandem.testing.RecordedUpstream.Delivery;
import dev.tandem.testing.RecordedUpstream.Stop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// What a provider says in each kind of run, as Anthropic would say it.
final class Upstream {
    /// Letters of one to four bytes, letters of several code points, and what JSON, SSE and HTTP
    /// give a meaning.
    private static final String[] PHRASES = {
        "Grüße ",
        "日本語 ",
        "👩‍👩‍👧 ",
        "𝄞",
        "\"\\\" \n\n",
        "data: [DONE]\n",
        "id: 7\r\n",
        "\u2028\u0000",
        "é",
        " plain words "
    };

    private static final JsonMapper JSON = new JsonMapper();

    private final StringBuilder body = new StringBuilder();
    private ObjectNode started = JSON.createObjectNode();

    private Upstream() {}

    /// A kind of run.
    enum Kind {
        TEXT,
        REASONING,
        TOOLS,
        ERROR,
        CANCELLED,
        LONG;

        Answer answer() {
            Upstream said = new Upstream();
            said.begin();
            switch (this) {
                case TEXT -> said.text(0, 150).end("end_turn");
                case REASONING -> said.thinking(0, 60).text(1, 60).end("end_turn");
                case TOOLS -> said.text(0, 20).tools(1).end("tool_use");
                case ERROR -> said.text(0, 100).breakDown();
                case CANCELLED -> said.text(0, 100);
                case LONG -> said.text(0, 1500).end("max_tokens");
            }
            return Answer.stream(said.body.toString())
                    .delivered(
                            new Delivery(
                                    this == LONG ? 1500 : 150,
                                    Duration.ofMillis(15),
                                    this == CANCELLED ? said.bytes() : Delivery.ALL,
                                    this == CANCELLED ? Stop.STALL : Stop.END));
        }
    }

    private int bytes() {
        return body.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private void begin() {
        ObjectNode message = event("message_start");
        message.putObject("message")
                .put("id", "msg_1")
                .put("model", "claude-sonnet-4-6")
                .putObject("usage")
                .put("input_tokens", 11)
                .put("cache_read_input_tokens", 5)
                .put("output_tokens", 1);
        add(message);
    }

    private Upstream text(int index, int pieces) {
        start(index).put("type", "text").put("text", "");
        addStarted();
        for (int piece = 0; piece < pieces; piece++) {
            delta(index, "text_delta", "text", piece + PHRASES[piece % PHRASES.length]);
        }
        return stop(index);
    }

    private Upstream thinking(int index, int pieces) {
        start(index).put("type", "thinking").put("thinking", "").put("signature", "");
        addStarted();
        for (int piece = 0; piece < pieces; piece++) {
            delta(index, "thinking_delta", "thinking", piece + PHRASES[piece % PHRASES.length]);
        }
        delta(index, "signature_delta", "signature", "c2lnbmVk");
        return stop(index);
    }

    /// Three calls of which two alternate and one has no arguments.
    private Upstream tools(int first) {
        for (int call = 0; call < 3; call++) {
            start(first + call)
                    .put("type", "tool_use")
                    .put("id", "toolu_" + call)
                    .put("name", "tool_" + call)
                    .putObject("input");
            addStarted();
        }
        arguments(first, "{\"list\":[");
        arguments(first + 2, "{\"text\":\"");
        for (int piece = 0; piece < 50; piece++) {
            arguments(first, piece + ",");
            arguments(first + 2, piece + "\\\"" + PHRASES[piece % 4]);
        }
        arguments(first, "50]}");
        arguments(first + 2, "\"}");
        stop(first);
        stop(first + 1);
        return stop(first + 2);
    }

    private void arguments(int index, String json) {
        delta(index, "input_json_delta", "partial_json", json);
    }

    private void end(String reason) {
        ObjectNode delta = event("message_delta");
        delta.putObject("delta").put("stop_reason", reason);
        delta.putObject("usage").put("output_tokens", 77);
        add(delta);
        add(event("message_stop"));
    }

    private void breakDown() {
        ObjectNode error = event("error");
        error.putObject("error").put("type", "overloaded_error").put("message", "too much to do");
        add(error);
    }

    private ObjectNode start(int index) {
        started = event("content_block_start").put("index", index);
        return started.putObject("content_block");
    }

    private void addStarted() {
        add(started);
    }

    private void delta(int index, String type, String field, String piece) {
        ObjectNode delta = event("content_block_delta").put("index", index);
        delta.putObject("delta").put("type", type).put(field, piece);
        add(delta);
    }

    private Upstream stop(int index) {
        add(event("content_block_stop").put("index", index));
        return this;
    }

    private static ObjectNode event(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    private void add(ObjectNode event) {
        body.append("event: ")
                .append(event.path("type").asText())
                .append("\ndata: ")
                .append(event)
                .append("\n\n");
    }
}
