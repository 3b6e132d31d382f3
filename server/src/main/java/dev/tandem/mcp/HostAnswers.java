package dev.tandem.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.tool.ToolWatcher;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/// Answers what a server may ask of its client, with the host's help. An interrupt gives up the
/// question, which is an answer, too.
final class HostAnswers implements ServerQuestions.Answers {
    private static final int REJECTED = -1;

    private final McpHost host;
    private final OpenPages pages;

    HostAnswers(McpHost host, OpenPages pages) {
        this.host = host;
        this.pages = pages;
    }

    @Override
    public JsonNode to(String method, JsonNode params, Optional<ToolWatcher> watcher)
            throws McpRefusal {
        return switch (method) {
            case "ping" -> RpcMessages.object();
            case "roots/list" -> roots();
            case "elicitation/create" -> elicitation(params, watcher);
            case "sampling/createMessage" -> sampling(params, watcher);
            default ->
                    throw new McpRefusal(
                            RpcMessages.METHOD_NOT_FOUND,
                            "This client does not know " + method + ".");
        };
    }

    private JsonNode roots() {
        ObjectNode answer = RpcMessages.object();
        ArrayNode list = answer.putArray("roots");
        host.roots()
                .forEach(
                        root -> {
                            ObjectNode one = list.addObject().put("uri", root.toUri().toString());
                            Optional.ofNullable(root.getFileName())
                                    .ifPresent(name -> one.put("name", name.toString()));
                        });
        return answer;
    }

    private JsonNode elicitation(JsonNode params, Optional<ToolWatcher> watcher) throws McpRefusal {
        String mode = params.path("mode").asText("form");
        return switch (mode) {
            case "form" -> form(ElicitationForm.of(params), watcher);
            case "url" -> action(visited(page(params), watcher));
            default ->
                    throw new McpRefusal(
                            RpcMessages.INVALID_PARAMS,
                            "mode must be form or url, was " + mode + ".");
        };
    }

    private JsonNode form(ElicitationForm form, Optional<ToolWatcher> watcher) throws McpRefusal {
        ToolReply reply = asked(form.question(), watcher);
        ObjectNode answer = action(reply);
        if (reply.action() == ToolReply.Action.ACCEPT) {
            answer.set("content", content(() -> form.filled(reply.contentJson().orElse("{}"))));
        }
        return answer;
    }

    private static ObjectNode action(ToolReply reply) {
        return RpcMessages.object().put("action", reply.action().name().toLowerCase(Locale.ROOT));
    }

    /// @throws McpRefusal where it is none that people can be sent to
    static ToolQuestion.Page page(JsonNode params) throws McpRefusal {
        String url = params.path("url").asText();
        if (!isWeb(url)) {
            throw new McpRefusal(RpcMessages.INVALID_PARAMS, "url must be an http or https URL.");
        }
        return new ToolQuestion.Page(
                params.path("message").asText(), url, params.path("elicitationId").asText());
    }

    private static boolean isWeb(String url) {
        try {
            URI uri = new URI(url);
            return uri.getHost() != null
                    && ("https".equalsIgnoreCase(uri.getScheme())
                            || "http".equalsIgnoreCase(uri.getScheme()));
        } catch (URISyntaxException none) {
            return false;
        }
    }

    /// Asks somebody to visit a page, until somebody has or will not.
    ToolReply visited(ToolQuestion.Page page, Optional<ToolWatcher> watcher) {
        try {
            return pages.ask(page.id(), () -> host.ask(page, watcher));
        } catch (InterruptedException givenUp) {
            return ToolReply.CANCELLED;
        }
    }

    private JsonNode sampling(JsonNode params, Optional<ToolWatcher> watcher) throws McpRefusal {
        if (!params.path("messages").isArray()) {
            throw new McpRefusal(RpcMessages.INVALID_PARAMS, "messages must be a list.");
        }
        String message = params.at("/messages/0/content/text").asText("A model is asked.");
        ToolReply reply = asked(new ToolQuestion.Sampling(message, params.toString()), watcher);
        if (reply.action() != ToolReply.Action.ACCEPT) {
            throw new McpRefusal(REJECTED, "User rejected sampling request");
        }
        return content(() -> McpMessages.object("content", reply.contentJson().orElse("")));
    }

    private ToolReply asked(ToolQuestion question, Optional<ToolWatcher> watcher) {
        try {
            return host.ask(question, watcher);
        } catch (InterruptedException givenUp) {
            return ToolReply.CANCELLED;
        }
    }

    private interface Content {
        JsonNode read();
    }

    private static JsonNode content(Content content) throws McpRefusal {
        try {
            return content.read();
        } catch (Failure noObject) {
            throw new McpRefusal(RpcMessages.INTERNAL, "The answer is no JSON object.");
        }
    }
}
