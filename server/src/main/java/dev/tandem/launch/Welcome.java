package dev.tandem.launch;

/// What a person at a terminal can try first.
final class Welcome {
    private Welcome() {}

    static String text(ServerSettings settings, int port) {
        String model = settings.anthropic().isPresent() ? "claude-sonnet-5-5" : "local";
        String plain = settings.listener().tls().isPresent() ? "" : "-plaintext ";
        return """

               Try it:
                 curl -N %3$s://localhost:%1$d/v1/chat/completions -H 'content-type: application/json' \\
                   -d '{"model":"%2$s","stream":true,"messages":[{"role":"user","content":"Say hi"}]}'
                 grpcurl %4$s-d '{"model":"%2$s","messages":[{"role":"user","content":"Say hi"}]}' \\
                   localhost:%1$d tandem.v1.ChatService/StreamChatCompletion
                 OPENAI_BASE_URL=%3$s://localhost:%1$d/v1 OPENAI_API_KEY=none  (for OpenAI's SDKs)
               Stop with Ctrl-C.

               """
                .formatted(port, model, settings.scheme(), plain);
    }
}
