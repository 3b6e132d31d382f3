package dev.tandem.provider.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tandem.conversation.Usage;
import java.io.IOException;

/// Token counts as they stand on the wire. `input_tokens` leaves out what was read from or written
/// to the cache, so the counters are disjoint as they come. The counts of `message_delta` are
/// totals, not increments, and may be missing: 51 of 307 recorded streams sent `output_tokens` only
/// there. A missing one keeps what `message_start` said.
final class AnthropicUsage {
    private static final long ABSENT = -1;

    private long input;
    private long cacheRead;
    private long cacheWrite;
    private long cacheWriteHour;
    private long output;
    private long thinking;

    AnthropicUsage() {
        clear();
    }

    void clear() {
        input = ABSENT;
        cacheRead = ABSENT;
        cacheWrite = ABSENT;
        cacheWriteHour = ABSENT;
        output = ABSENT;
        thinking = ABSENT;
    }

    void read(JsonParser parser) throws IOException {
        Json.fields(parser, this::readField);
    }

    private void readField(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "input_tokens" -> input = count(parser);
            case "cache_read_input_tokens" -> cacheRead = count(parser);
            case "cache_creation_input_tokens" -> cacheWrite = count(parser);
            case "output_tokens" -> output = count(parser);
            case "cache_creation", "output_tokens_details" -> Json.fields(parser, this::readField);
            case "ephemeral_1h_input_tokens" -> cacheWriteHour = count(parser);
            case "thinking_tokens" -> thinking = count(parser);
            default -> parser.skipChildren();
        }
    }

    private static long count(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return Math.max(parser.getLongValue(), 0);
        }
        parser.skipChildren();
        return ABSENT;
    }

    /// What `before` said, with what is new here.
    Usage over(Usage before) {
        long writes = or(cacheWrite, before.cacheWriteTokens());
        long written = or(output, before.outputTokens());
        return new Usage(
                or(input, before.inputTokens()),
                or(cacheRead, before.cacheReadTokens()),
                writes,
                written,
                Math.min(or(cacheWriteHour, before.cacheWriteHourTokens()), writes),
                Math.min(or(thinking, before.reasoningTokens()), written));
    }

    private static long or(long value, long otherwise) {
        return value == ABSENT ? otherwise : value;
    }
}
