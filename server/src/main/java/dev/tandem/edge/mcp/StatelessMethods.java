package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.edge.mcp.ClientMessage.Request;
import dev.tandem.edge.mcp.McpMethods.Method;
import dev.tandem.toolbox.OfferedTool;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What a client without a session can ask for. Results say that they are complete, and for how
/// long they may be kept.
///
/// @param listTtl how long a list may be taken for fresh
record StatelessMethods(McpMethods methods, Identity identity, Duration listTtl) {
    private static final Set<String> LISTS =
            Set.of(
                    "server/discover",
                    "tools/list",
                    "prompts/list",
                    "resources/list",
                    "resources/templates/list");

    /// @throws RpcError METHOD_NOT_FOUND
    Method find(Request request, Function<String, Optional<String>> headers) {
        String name = request.method();
        Method method =
                switch (name) {
                    case "server/discover" -> _ -> discovered();
                    case "tools/call" -> asked -> call(asked, headers);
                    default -> methods.find(name).orElseThrow(() -> RpcError.methodNotFound(name));
                };
        return asked -> complete(name, method.answer(asked));
    }

    private ObjectNode discovered() {
        ObjectNode result = Json.object();
        Protocol.WORDS.forEach(result.putArray("supportedVersions")::add);
        result.set("capabilities", McpMethods.capabilities());
        result.put("instructions", Identity.INSTRUCTIONS);
        result.putObject("_meta").set("io.modelcontextprotocol/serverInfo", identity.json());
        return result;
    }

    private ObjectNode call(Asked asked, Function<String, Optional<String>> headers)
            throws InterruptedException {
        OfferedTool tool = methods.tools().find(asked.scope(), asked.text("name"));
        JsonNode schema = Json.object(tool.definition().inputSchemaJson()).orElseGet(Json::object);
        ParamHeaders.check(schema, asked.object("arguments"), headers);
        return methods.tools().call(asked);
    }

    private ObjectNode complete(String method, ObjectNode result) {
        result.put("resultType", "complete");
        if (LISTS.contains(method)) {
            result.put("ttlMs", listTtl.toMillis()).put("cacheScope", "private");
        } else if (method.equals("resources/read")) {
            result.put("ttlMs", 0).put("cacheScope", "private");
        }
        return result;
    }
}
