package dev.tandem.provider.local;

import org.jspecify.annotations.Nullable;

/// A loaded model. One platform thread uses it, from loading to closing: native code must not block
/// the carrier of a virtual thread.
interface Engine extends AutoCloseable {
    ChatTemplate template();

    /// How many tokens a text is.
    int tokens(String text);

    /// Reads the beginning of a prompt, so that [#generate] need not read it again.
    void read(String beginning);

    /// Begins an answer. One at a time.
    Pieces generate(String prompt, Sampling sampling);

    @Override
    void close();

    /// The text of an answer while it is made.
    interface Pieces extends AutoCloseable {
        /// Blocks for the next piece of text, whole characters only.
        ///
        /// @return null at the end
        @Nullable String next();

        /// Whether the answer ended because it may not be longer. Known at its end.
        boolean reachedTokensMax();

        /// Ends the answer if it is not at its end.
        @Override
        void close();
    }
}
