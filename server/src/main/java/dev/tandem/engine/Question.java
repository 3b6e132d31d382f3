package dev.tandem.engine;

import dev.tandem.auth.Caller;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.ToolChoice;
import dev.tandem.conversation.ToolSpec;
import dev.tandem.provider.ModelRequest.Options;
import dev.tandem.tool.ToolSelection;
import java.util.List;
import java.util.Optional;

/// What somebody asks.
///
/// @param model an id, alias or `provider/name`; empty for the session's, else the server's default
/// @param messages the conversation, or in a session what is new in it; at least one
/// @param sessionId the session that it continues
/// @param projectId the project to start a session in, or that of the session
/// @param systemPrompt replaces the session's
/// @param mcp which of this server's tools are offered; empty for those of the session
public record Question(
        Caller caller,
        Optional<String> model,
        List<Message> messages,
        List<ToolSpec> tools,
        Optional<ToolChoice> toolChoice,
        Optional<Long> maxTokens,
        Options options,
        Optional<String> sessionId,
        Optional<String> projectId,
        Optional<String> systemPrompt,
        Optional<ToolSelection> mcp) {
    public Question {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    /// The same question to a certain model.
    Question to(String modelId) {
        return new Question(
                caller,
                Optional.of(modelId),
                messages,
                tools,
                toolChoice,
                maxTokens,
                options,
                sessionId,
                projectId,
                systemPrompt,
                mcp);
    }
}
