package dev.tandem.edge.openai;

import dev.tandem.v1.ChatCompletionRequest;

/// A chat request, as its sender meant it.
///
/// @param stream whether the answer is a stream
/// @param includeUsage whether the stream ends with the usage
/// @param ignored what is ignored here; the model may ignore more
/// @param maxTokensName what the sender calls `max_tokens`
/// @param oldFunctions whether the sender offers `functions`, and so reads calls of tools only as
///     `function_call`
record ChatCall(
        ChatCompletionRequest.Builder request,
        boolean stream,
        boolean includeUsage,
        IgnoredParameters ignored,
        String maxTokensName,
        boolean oldFunctions) {

    /// Whether the request speaks of what only this server knows, so that its sender will
    /// understand frames that OpenAI does not have.
    boolean usesExtensions() {
        return request.hasSessionId()
                || request.hasProjectId()
                || request.hasMcp()
                || request.getBackground();
    }
}
