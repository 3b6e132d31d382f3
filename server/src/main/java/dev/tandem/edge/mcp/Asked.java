package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.tool.ToolScope;

/// A request, as the methods see it.
///
/// @param line to the client, while its request is answered
record Asked(ToolScope scope, Protocol protocol, ObjectNode params, ClientLine line) {
    /// A parameter that must be a text.
    ///
    /// @throws RpcError INVALID_PARAMS
    String text(String name) {
        return Json.text(params, name)
                .orElseThrow(() -> RpcError.invalidParams(name + " must be a text."));
    }

    /// A parameter that must be an object; an empty one where it is absent.
    ///
    /// @throws RpcError INVALID_PARAMS
    ObjectNode object(String name) {
        JsonNode value = params.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Json.object();
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw RpcError.invalidParams(name + " must be an object.");
    }
}
