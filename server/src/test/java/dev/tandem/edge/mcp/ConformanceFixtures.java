package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolHints;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolSource;
import dev.tandem.tool.ToolWatcher;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What the conformance suites expect of a server that they look at, as one server that is part of
/// this one: from `edge/mcp/conformance.json`.
final class ConformanceFixtures implements ToolSource {
    static final ObjectMapper JSON = new ObjectMapper();
    static final ToolServer SERVER =
            new ToolServer(
                    "conformance",
                    "conformance",
                    ToolServer.Origin.PLUGIN,
                    Optional.empty(),
                    ToolServer.Transport.PLUGIN,
                    Optional.empty(),
                    Optional.empty(),
                    ToolServer.State.READY,
                    Optional.empty());

    private final JsonNode all;

    ConformanceFixtures() {
        try (InputStream file =
                Objects.requireNonNull(
                        ConformanceFixtures.class.getResourceAsStream(
                                "/edge/mcp/conformance.json"))) {
            all = JSON.readTree(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// What a tool does: `logs`, `progress`, `questions`, `result`.
    JsonNode script(String tool) {
        return find("tools", "tool", "name", tool);
    }

    private JsonNode find(String list, String description, String field, String value) {
        for (JsonNode each : all.path(list)) {
            if (each.path(description).path(field).asText().equals(value)) {
                return each;
            }
        }
        return JSON.missingNode();
    }

    @Override
    public List<ToolServer> servers(ToolScope scope) {
        return List.of(SERVER);
    }

    @Override
    public List<ToolDefinition> tools(ToolScope scope, String serverId) {
        List<ToolDefinition> tools = new ArrayList<>();
        for (JsonNode each : all.path("tools")) {
            JsonNode tool = each.path("tool");
            tools.add(
                    new ToolDefinition(
                            tool.path("name").asText(),
                            Optional.empty(),
                            Optional.of(tool.path("description").asText()),
                            tool.path("inputSchema").toString(),
                            Optional.empty(),
                            ToolHints.NONE,
                            tool.toString()));
        }
        return tools;
    }

    @Override
    public ToolOutput call(
            ToolScope scope,
            String serverId,
            String tool,
            String argumentsJson,
            ToolWatcher watcher) {
        throw new UnsupportedOperationException("tools are called through the toolbox");
    }

    @Override
    public List<ContextItem> context(ToolScope scope, String serverId, ContextItem.Kind kind) {
        List<ContextItem> items = new ArrayList<>();
        switch (kind) {
            case RESOURCE ->
                    all.path("resources")
                            .forEach(each -> items.add(item(kind, each.path("resource"), "uri")));
            case RESOURCE_TEMPLATE ->
                    all.path("templates")
                            .forEach(each -> items.add(item(kind, each, "uriTemplate")));
            case PROMPT ->
                    all.path("prompts")
                            .forEach(each -> items.add(item(kind, each.path("prompt"), "name")));
        }
        return items;
    }

    private static ContextItem item(ContextItem.Kind kind, JsonNode json, String name) {
        return new ContextItem(kind, json.path(name).asText(), json.toString());
    }

    @Override
    public String read(
            ToolScope scope, String serverId, String method, String paramsJson, ToolWatcher watcher)
            throws InterruptedException {
        JsonNode params = tree(paramsJson);
        return switch (method) {
            case "resources/read" -> resource(params.path("uri").asText());
            case "prompts/get" -> prompt(params, watcher);
            default -> "{\"completion\":{\"values\":[\"test\"],\"total\":1,\"hasMore\":false}}";
        };
    }

    private String resource(String uri) {
        JsonNode listed = find("resources", "resource", "uri", uri).path("content");
        ObjectNode result = JSON.createObjectNode();
        if (listed.isObject()) {
            result.putArray("contents").add(listed);
        } else {
            String id = uri.replaceAll("test://template/(.*)/data", "$1");
            result.putArray("contents")
                    .addObject()
                    .put("uri", uri)
                    .put("mimeType", "application/json")
                    .put("text", "{\"id\":\"" + id + "\",\"templateTest\":true}");
        }
        return result.toString();
    }

    private String prompt(JsonNode params, ToolWatcher watcher) throws InterruptedException {
        JsonNode prompt = find("prompts", "prompt", "name", params.path("name").asText());
        if (prompt.has("question")) {
            watcher.ask(name(prompt.path("question")), question(prompt.path("question")));
        }
        String messages = prompt.path("messages").toString();
        for (Map.Entry<String, JsonNode> argument : params.path("arguments").properties()) {
            messages =
                    messages.replace("{" + argument.getKey() + "}", argument.getValue().asText());
        }
        ObjectNode result = JSON.createObjectNode();
        result.set("messages", tree(messages));
        return result.toString();
    }

    /// The name of a question in a script.
    static String name(JsonNode question) {
        return question.path("name").asText();
    }

    /// A question of a script.
    static ToolQuestion question(JsonNode question) {
        return question.has("form")
                ? new ToolQuestion.Form(
                        question.path("form").path("message").asText(),
                        question.path("form").path("schema").toString())
                : new ToolQuestion.Sampling(
                        "May the model be asked?", question.path("sampling").toString());
    }

    static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }
}
