package dev.tandem.conversation;

/// Tokens that an answer used. The first four do not overlap: the whole input is the sum of
/// [#inputTokens()], [#cacheReadTokens()] and [#cacheWriteTokens()].
///
/// @param inputTokens input that was neither read from nor written to a prompt cache
/// @param cacheReadTokens input read from the provider's prompt cache
/// @param cacheWriteTokens input written to it, for whatever time
/// @param outputTokens output, reasoning included
/// @param cacheWriteHourTokens the part of [#cacheWriteTokens()] that is kept for an hour, which
///     costs more
/// @param reasoningTokens the part of [#outputTokens()] that was reasoning; 0 where not known
public record Usage(
        long inputTokens,
        long cacheReadTokens,
        long cacheWriteTokens,
        long outputTokens,
        long cacheWriteHourTokens,
        long reasoningTokens) {

    public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0);

    /// Input in all, cached or not: what OpenAI calls prompt tokens.
    public long promptTokens() {
        return inputTokens + cacheReadTokens + cacheWriteTokens;
    }

    /// Input and output.
    public long totalTokens() {
        return promptTokens() + outputTokens;
    }

    /// The same, with no fewer output tokens than `tokens`.
    public Usage withOutputAtLeast(long tokens) {
        return new Usage(
                inputTokens,
                cacheReadTokens,
                cacheWriteTokens,
                Math.max(outputTokens, tokens),
                cacheWriteHourTokens,
                reasoningTokens);
    }

    public Usage plus(Usage more) {
        return new Usage(
                inputTokens + more.inputTokens,
                cacheReadTokens + more.cacheReadTokens,
                cacheWriteTokens + more.cacheWriteTokens,
                outputTokens + more.outputTokens,
                cacheWriteHourTokens + more.cacheWriteHourTokens,
                reasoningTokens + more.reasoningTokens);
    }
}
