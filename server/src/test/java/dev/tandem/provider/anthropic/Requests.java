package dev.tandem.provider.anthropic;

import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.conversation.ToolChoice;
import dev.tandem.conversation.ToolSpec;
import dev.tandem.provider.ModelLimits;
import dev.tandem.provider.ModelRequest;
import dev.tandem.provider.ModelRequest.Options;
import java.util.List;
import java.util.Optional;

/// Requests for tests, begun from the smallest.
final class Requests {
    static final String MODEL = "claude-sonnet-4-6";

    private Requests() {}

    static ModelRequest hello() {
        return of(MODEL, Message.text(Role.USER, "Hello"));
    }

    static ModelRequest of(String model, Message... messages) {
        return new ModelRequest(
                model,
                new ModelLimits(200_000, 64_000),
                Optional.empty(),
                List.of(messages),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Options.NONE,
                false);
    }

    static ModelRequest with(ModelRequest request, Options options) {
        return new ModelRequest(
                request.model(),
                request.limits(),
                request.system(),
                request.messages(),
                request.tools(),
                request.toolChoice(),
                request.maxTokens(),
                options,
                request.kept());
    }

    static ModelRequest with(ModelRequest request, Optional<ToolChoice> choice, ToolSpec... tools) {
        return new ModelRequest(
                request.model(),
                request.limits(),
                request.system(),
                request.messages(),
                List.of(tools),
                choice,
                request.maxTokens(),
                request.options(),
                request.kept());
    }
}
