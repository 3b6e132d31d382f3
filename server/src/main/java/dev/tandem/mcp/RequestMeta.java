package dev.tandem.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// Who we are and what we can do: told once to a server that is greeted, and with every question to
/// one that remembers nothing.
final class RequestMeta {
    private static final String PREFIX = "io.modelcontextprotocol/";

    private final String clientVersion;
    private volatile Optional<String> logLevel = Optional.empty();

    RequestMeta(String clientVersion) {
        this.clientVersion = clientVersion;
    }

    /// From now on the server's log is wanted from this level on.
    void logLevel(String level) {
        logLevel = Optional.of(level);
    }

    ObjectNode clientInfo() {
        return RpcMessages.object().put("name", "tandem").put("version", clientVersion);
    }

    ObjectNode capabilities(boolean stateless) {
        ObjectNode capabilities = RpcMessages.object();
        ObjectNode roots = capabilities.putObject("roots");
        if (!stateless) {
            roots.put("listChanged", true);
        }
        ObjectNode elicitation = capabilities.putObject("elicitation");
        elicitation.putObject("form");
        elicitation.putObject("url");
        capabilities.putObject("sampling");
        return capabilities;
    }

    /// Adds what a stateless server has to know of each question.
    ObjectNode sign(ObjectNode params) {
        ObjectNode meta = params.withObjectProperty("_meta");
        meta.put(PREFIX + "protocolVersion", Agreement.STATELESS);
        meta.set(PREFIX + "clientInfo", clientInfo());
        meta.set(PREFIX + "clientCapabilities", capabilities(true));
        logLevel.ifPresent(level -> meta.put(PREFIX + "logLevel", level));
        return params;
    }
}
