package dev.tandem.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.List;
import java.util.Optional;

/// What both sides have agreed on.
///
/// @param protocol the version that is spoken
/// @param serverVersion the server's name and version
/// @param instructions what the server wants a model to know
/// @param capabilities what the server says that it can do, in MCP's JSON
record Agreement(
        String protocol,
        Optional<String> serverVersion,
        Optional<String> instructions,
        JsonNode capabilities) {
    static final String STATELESS = "2026-07-28";
    static final String GREETED = "2025-11-25";

    /// The versions that are spoken, oldest first.
    static final List<String> VERSIONS =
            List.of("2024-11-05", "2025-03-26", "2025-06-18", GREETED, STATELESS);

    static boolean isStateless(String protocol) {
        return protocol.equals(STATELESS);
    }

    /// Whether a version begins with a greeting, and is known.
    static boolean isGreeted(String protocol) {
        return VERSIONS.contains(protocol) && !isStateless(protocol);
    }

    /// @param hello the result of `initialize` or `server/discover`
    static Agreement of(String protocol, JsonNode hello) {
        JsonNode signed = hello.path("_meta").path("io.modelcontextprotocol/serverInfo");
        JsonNode info = signed.isObject() ? signed : hello.path("serverInfo");
        String version = info.path("name").asText() + " " + info.path("version").asText();
        return new Agreement(
                protocol,
                Optional.of(version.strip()).filter(said -> !said.isEmpty()),
                RpcMessages.text(hello.path("instructions")).filter(said -> !said.isBlank()),
                hello.path("capabilities"));
    }

    boolean stateless() {
        return isStateless(protocol);
    }

    /// Whether the server says that it has a capability, such as `tools`.
    boolean offers(String capability) {
        JsonNode said = capabilities.path(capability);
        return !said.isMissingNode() && !said.isNull() && !said.equals(BooleanNode.FALSE);
    }

    /// Whether the server says when a list changes.
    boolean tellsChanges(String capability) {
        return capabilities.path(capability).path("listChanged").asBoolean();
    }
}
