package dev.tandem.edge.openai;

import dev.tandem.edge.rest.HttpCall;
import dev.tandem.failure.Failure;
import dev.tandem.v1.ChatCompletionRequest;
import java.util.Optional;

/// What a chat request says in headers.
final class ChatHeaders {
    private static final String EVENTS = "x-tandem-events";

    private ChatHeaders() {}

    /// The event that an EventSource saw last, when it comes back.
    static Optional<String> lastEventId(HttpCall http) {
        return value(http, "Last-Event-ID");
    }

    /// Puts the key, session and project into the request, which must not name others.
    static void apply(HttpCall http, ChatCompletionRequest.Builder request) {
        value(http, "Idempotency-Key").ifPresent(request::setIdempotencyKey);
        value(http, "X-Session-ID")
                .ifPresent(
                        id -> {
                            agree("session_id", request.getSessionId(), "X-Session-ID", id);
                            request.setSessionId(id);
                        });
        value(http, "X-Project-ID")
                .ifPresent(
                        id -> {
                            agree("project_id", request.getProjectId(), "X-Project-ID", id);
                            request.setProjectId(id);
                        });
    }

    /// Whether frames that OpenAI does not have are wanted; empty where nothing is said.
    static Optional<Boolean> wantsEvents(HttpCall http) {
        return value(http, EVENTS)
                .map(
                        value ->
                                switch (value) {
                                    case "1" -> true;
                                    case "0" -> false;
                                    default ->
                                            throw Failure.invalid(
                                                    EVENTS, EVENTS + " must be 0 or 1.");
                                });
    }

    private static void agree(String field, String inBody, String header, String inHeader) {
        if (!inBody.isEmpty() && !inBody.equals(inHeader)) {
            throw Failure.invalid(
                    field,
                    field
                            + " is "
                            + inBody
                            + " but the header "
                            + header
                            + " says "
                            + inHeader
                            + "; send one of them.");
        }
    }

    private static Optional<String> value(HttpCall http, String name) {
        return http.header(name).map(String::strip).filter(text -> !text.isEmpty());
    }
}
