package dev.tandem.tool;

import java.util.Optional;

/// The answer to a [ToolQuestion].
///
/// @param contentJson what was filled in, or the model's answer as MCP's `CreateMessageResult`;
///     empty for a page, and unless accepted
public record ToolReply(Action action, Optional<String> contentJson) {
    /// What was done with the question, in MCP's words.
    public enum Action {
        /// It was answered.
        ACCEPT,
        /// It was refused.
        DECLINE,
        /// Nobody decided.
        CANCEL
    }

    public static final ToolReply DECLINED = new ToolReply(Action.DECLINE, Optional.empty());
    public static final ToolReply CANCELLED = new ToolReply(Action.CANCEL, Optional.empty());
}
