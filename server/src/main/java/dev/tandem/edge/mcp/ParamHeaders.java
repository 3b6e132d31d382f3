package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Headers `Mcp-Param-…` that mirror a tool's arguments, where its schema says so by
/// `x-mcp-header`.
final class ParamHeaders {
    private static final String PREFIX = "Mcp-Param-";

    private ParamHeaders() {}

    /// @param inputSchema of the tool
    /// @param headers the request's headers by name
    /// @throws RpcError HEADER_MISMATCH where a header does not say what the arguments say
    static void check(
            JsonNode inputSchema, JsonNode arguments, Function<String, Optional<String>> headers) {
        if (!(inputSchema.path("properties") instanceof ObjectNode properties)) {
            return;
        }
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            JsonNode schema = property.getValue();
            JsonNode value = arguments.path(property.getKey());
            Json.text(schema, "x-mcp-header")
                    .ifPresent(name -> check(name, value, headers.apply(PREFIX + name)));
            check(schema, value, headers);
        }
    }

    private static void check(String name, JsonNode value, Optional<String> header) {
        boolean absent = value.isMissingNode() || value.isNull();
        if (absent && header.isEmpty()) {
            return;
        }
        if (absent) {
            throw RpcError.headerMismatch(
                    "The header " + PREFIX + name + " has no value in the arguments.");
        }
        String said =
                header.map(HeaderValue::decode)
                        .orElseThrow(
                                () ->
                                        RpcError.headerMismatch(
                                                "The header " + PREFIX + name + " is missing."));
        if (!same(said, value)) {
            throw RpcError.headerMismatch(
                    "The header %s is '%s', but the arguments say %s."
                            .formatted(PREFIX + name, said, value));
        }
    }

    private static boolean same(String said, JsonNode value) {
        if (!value.isNumber()) {
            return said.equals(value.asText());
        }
        try {
            return new BigDecimal(said).compareTo(value.decimalValue()) == 0;
        } catch (NumberFormatException noNumber) {
            return false;
        }
    }
}
