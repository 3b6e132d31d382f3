package dev.tandem.mcp.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.mcp.McpTransport.Outgoing;
import dev.tandem.mcp.http.MirrorSchema.Mirror;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Arguments of tools that a server of 2026-07-28 wants to see in headers, too, so that what stands
/// before it can route by them. The tools say so in their schemas. Safe for use by many threads.
final class MirroredArguments {
    private static final Logger LOG = LoggerFactory.getLogger(MirroredArguments.class);

    private final ConcurrentHashMap<String, List<Mirror>> byTool = new ConcurrentHashMap<>();

    /// Learns what a list of tools says.
    ///
    /// @return the list without the tools that say it wrong: those must not be called
    String learn(String answer) {
        Optional<ObjectNode> message = Json.object(answer);
        if (message.isEmpty() || !(message.get().at("/result/tools") instanceof ArrayNode tools)) {
            return answer;
        }
        int before = tools.size();
        for (int i = tools.size() - 1; i >= 0; i--) {
            if (!learn(tools.get(i))) {
                tools.remove(i);
            }
        }
        return tools.size() == before ? answer : message.get().toString();
    }

    private boolean learn(JsonNode tool) {
        String name = tool.path("name").asText();
        try {
            List<Mirror> mirrors = MirrorSchema.mirrors(tool.path("inputSchema"));
            if (mirrors.isEmpty()) {
                byTool.remove(name);
            } else {
                byTool.put(name, mirrors);
            }
            return true;
        } catch (IllegalArgumentException wrong) {
            LOG.warn("the tool {} is left out, for {}", name, wrong.getMessage());
            byTool.remove(name);
            return false;
        }
    }

    /// The headers of a call; none for other messages.
    Map<String, String> headers(Outgoing message) {
        List<Mirror> mirrors =
                message.target()
                        .filter(_ -> message.method().equals(Optional.of("tools/call")))
                        .map(byTool::get)
                        .orElse(List.of());
        if (mirrors.isEmpty()) {
            return Map.of();
        }
        JsonNode arguments =
                Json.object(message.json()).orElseThrow().path("params").path("arguments");
        Map<String, String> headers = new HashMap<>();
        for (Mirror mirror : mirrors) {
            JsonNode value = arguments;
            for (String step : mirror.path()) {
                value = value.path(step);
            }
            if (value.isTextual() || value.isBoolean() || value.isNumber()) {
                headers.put("Mcp-Param-" + mirror.header(), HeaderText.encoded(value.asText()));
            }
        }
        return headers;
    }
}
