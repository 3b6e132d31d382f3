package dev.tandem.edge.openai;

import dev.tandem.edge.json.JsonOut;
import dev.tandem.v1.Usage;

/// Writes usage: OpenAI's counters, which overlap, and beside them the four that do not.
final class UsageJson {
    private UsageJson() {}

    static void write(Usage usage, JsonOut out) {
        long prompt = promptTokens(usage);
        out.beginObject();
        out.name("prompt_tokens").value(prompt);
        out.name("completion_tokens").value(usage.getOutputTokens());
        out.name("total_tokens").value(prompt + usage.getOutputTokens());
        details(usage, out);
        out.name("input_tokens").value(usage.getInputTokens());
        out.name("output_tokens").value(usage.getOutputTokens());
        out.name("cache_creation_input_tokens").value(usage.getCacheCreationInputTokens());
        out.name("cache_read_input_tokens").value(usage.getCacheReadInputTokens());
        cost(usage, out);
        out.endObject();
    }

    /// OpenAI counts cached input as input.
    private static long promptTokens(Usage usage) {
        return usage.getInputTokens()
                + usage.getCacheCreationInputTokens()
                + usage.getCacheReadInputTokens();
    }

    /// Null, and not 0, where the model has no known price.
    static void cost(Usage usage, JsonOut out) {
        out.name("total_cost");
        if (usage.hasTotalCostNanos()) {
            out.dollars(usage.getTotalCostNanos());
        } else {
            out.nothing();
        }
    }

    private static void details(Usage usage, JsonOut out) {
        out.name("prompt_tokens_details").beginObject();
        out.name("cached_tokens").value(usage.getCacheReadInputTokens());
        out.name("cache_write_tokens").value(usage.getCacheCreationInputTokens());
        out.name("audio_tokens").value(0).endObject();
        out.name("completion_tokens_details").beginObject();
        out.name("reasoning_tokens").value(usage.getReasoningTokens());
        out.name("audio_tokens").value(0);
        out.name("accepted_prediction_tokens").value(0);
        out.name("rejected_prediction_tokens").value(0).endObject();
    }
}
