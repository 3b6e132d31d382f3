package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.edge.mcp.McpMethods.Method;

/// What a client can ask for in a session.
record SessionMethods(McpMethods methods, Identity identity) {

    /// The answer to a client that greets.
    ObjectNode greeting(Protocol protocol) {
        ObjectNode result = Json.object().put("protocolVersion", protocol.word());
        result.set("capabilities", McpMethods.capabilities());
        result.set("serverInfo", identity.json());
        return result.put("instructions", Identity.INSTRUCTIONS);
    }

    /// What answers a method; one that is not known answers so.
    Method find(McpSession session, String name) {
        return switch (name) {
            case "ping" -> _ -> Json.object();
            case "logging/setLevel" -> asked -> setLevel(session, asked);
            case "resources/subscribe", "resources/unsubscribe" -> SessionMethods::subscribed;
            default ->
                    methods.find(name)
                            .orElse(
                                    _ -> {
                                        throw RpcError.methodNotFound(name);
                                    });
        };
    }

    private static ObjectNode setLevel(McpSession session, Asked asked) {
        session.level(LogLevel.read(asked.text("level")));
        return Json.object();
    }

    /// Taken for what it is; no server tells of changes.
    private static ObjectNode subscribed(Asked asked) {
        String uri = asked.text("uri");
        if (uri.isEmpty()) {
            throw RpcError.invalidParams("uri must not be empty.");
        }
        return Json.object();
    }
}
