package dev.tandem.mcp.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.mcp.McpConnection;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.tool.ToolWatcher;
import java.util.Map;
import java.util.Optional;

/// Answers every question as somebody would who leaves a form as it is and says yes; and does
/// something else before the answer, where the scenario has a tool for that.
final class ConformancePerson implements ToolWatcher {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final McpConnection connection;

    ConformancePerson(McpConnection connection) {
        this.connection = connection;
    }

    @Override
    public void progress(ToolProgress news) {}

    @Override
    public ToolReply ask(ToolQuestion question) throws InterruptedException {
        if (connection.tools().stream()
                .anyMatch(tool -> tool.name().equals("test_mrtr_unrelated"))) {
            connection.call("test_mrtr_unrelated", "{}", ToolWatcher.NONE);
        }
        return switch (question) {
            case ToolQuestion.Form(_, String schema) ->
                    new ToolReply(ToolReply.Action.ACCEPT, Optional.of(filledIn(schema)));
            case ToolQuestion.Page _ -> ToolReply.DECLINED;
            case ToolQuestion.Sampling _ -> ToolReply.DECLINED;
        };
    }

    private static String filledIn(String schemaJson) {
        ObjectNode form = JSON.createObjectNode();
        try {
            JsonNode fields = JSON.readTree(schemaJson).path("properties");
            for (Map.Entry<String, JsonNode> field : fields.properties()) {
                if (field.getValue().has("default")) {
                    form.set(field.getKey(), field.getValue().get("default"));
                } else if (field.getValue().path("type").asText().equals("boolean")) {
                    form.put(field.getKey(), true);
                }
            }
        } catch (JsonProcessingException malformed) {
            throw new IllegalStateException(malformed);
        }
        return form.toString();
    }
}
