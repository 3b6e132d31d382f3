package dev.tandem.provider;

/// What is known of a model's size.
///
/// @param contextTokens the most tokens of input and output together; 0 where not known
/// @param answerTokensMax the most tokens of one answer; at least 1
public record ModelLimits(long contextTokens, long answerTokensMax) {
    public ModelLimits {
        if (answerTokensMax < 1) {
            throw new IllegalArgumentException(
                    "answerTokensMax must be at least 1, was " + answerTokensMax);
        }
    }
}
