package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.edge.mcp.ClientMessage.Request;
import dev.tandem.edge.rest.HttpCall;
import java.util.Optional;
import java.util.Set;

/// What a request says of itself and its client, where no session remembers it (MCP 2026-07-28).
///
/// @param level the least that is told of a server's log; empty where nothing is
record RequestMeta(ClientTraits client, Optional<LogLevel> level) {
    static final String VERSION_HEADER = "MCP-Protocol-Version";

    private static final String PREFIX = "io.modelcontextprotocol/";
    private static final String VERSION = PREFIX + "protocolVersion";
    private static final Set<String> NAMED = Set.of("tools/call", "prompts/get");

    /// Whether a client speaks a version that has no sessions, or one that is not known.
    static boolean isSaidBy(HttpCall http, ClientMessages sent) {
        boolean header =
                http.header(VERSION_HEADER)
                        .filter(word -> Protocol.of(word.strip()).isEmpty() || isNew(word.strip()))
                        .isPresent();
        boolean meta =
                sent.request()
                        .flatMap(request -> version(request.params()))
                        .filter(word -> Protocol.of(word).isEmpty() || isNew(word))
                        .isPresent();
        return header || meta;
    }

    private static boolean isNew(String word) {
        return Protocol.of(word).filter(version -> !version.hasSessions()).isPresent();
    }

    /// Reads it, once headers and body say the same.
    ///
    /// @throws RpcError where they do not, or something is missing
    static RequestMeta read(HttpCall http, Request request) {
        JsonNode meta = request.params().path("_meta");
        checkVersion(http, request);
        checkHeader("Mcp-Method", http.header("Mcp-Method"), request.method());
        name(request)
                .ifPresent(
                        name ->
                                checkHeader(
                                        "Mcp-Name",
                                        http.header("Mcp-Name").map(HeaderValue::decode),
                                        name));
        JsonNode capabilities = meta.path(PREFIX + "clientCapabilities");
        if (!capabilities.isObject()) {
            throw missing("clientCapabilities");
        }
        return new RequestMeta(
                new ClientTraits(capabilities),
                Json.text(meta, PREFIX + "logLevel").map(LogLevel::read));
    }

    private static void checkVersion(HttpCall http, Request request) {
        Optional<String> header = http.header(VERSION_HEADER).map(String::strip);
        Optional<String> body = version(request.params());
        if (body.isEmpty()) {
            header.filter(word -> Protocol.of(word).isEmpty())
                    .ifPresent(
                            word -> {
                                throw RpcError.unsupportedVersion(word);
                            });
            throw missing("protocolVersion");
        }
        checkHeader(VERSION_HEADER, header, body.get());
        if (!isNew(body.get())) {
            throw RpcError.unsupportedVersion(body.get());
        }
    }

    private static Optional<String> version(JsonNode params) {
        return Json.text(params.path("_meta"), VERSION);
    }

    /// What the header `Mcp-Name` must say.
    private static Optional<String> name(Request request) {
        if (NAMED.contains(request.method())) {
            return Json.text(request.params(), "name");
        }
        return request.method().equals("resources/read")
                ? Json.text(request.params(), "uri")
                : Optional.empty();
    }

    private static void checkHeader(String name, Optional<String> header, String body) {
        if (header.isEmpty()) {
            throw RpcError.headerMismatch("The header " + name + " is missing.");
        }
        if (!header.get().strip().equals(body)) {
            throw RpcError.headerMismatch(
                    "The header %s is '%s', but the body says '%s'."
                            .formatted(name, header.get().strip(), body));
        }
    }

    private static RpcError missing(String field) {
        return RpcError.missingMeta("_meta must have " + PREFIX + field + ".");
    }
}
