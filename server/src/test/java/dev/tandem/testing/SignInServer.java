package dev.tandem.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// An MCP server that wants a sign-in, with one tool that fails and tells what it was sent; and the
/// authorization server for it, which lets everybody in. Nobody is asked: [#codeFor] is what a
/// person's consent would bring.
public final class SignInServer implements AutoCloseable {
    /// The token that opens the server.
    public static final String TOKEN = "token-of-the-sign-in-5a1b";

    /// The client that the authorization server has known before, which needs nobody's consent.
    public static final String CLIENT = "client-registered-by-hand";

    /// Its secret.
    public static final String CLIENT_SECRET = "secret-of-the-client-77c2";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CODE = "code-of-the-sign-in";
    private static final String BASIC =
            "Basic "
                    + Base64.getEncoder()
                            .encodeToString(
                                    (CLIENT + ":" + CLIENT_SECRET)
                                            .getBytes(StandardCharsets.US_ASCII));

    private final HttpServer server;

    public SignInServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/mcp", this::mcp);
        server.createContext("/.well-known/oauth-protected-resource", this::resource);
        server.createContext("/.well-known/oauth-authorization-server", this::metadata);
        server.createContext("/register", this::register);
        server.createContext("/token", this::token);
        server.start();
    }

    /// Where the MCP server is.
    public URI url() {
        return URI.create(base() + "/mcp");
    }

    /// The query with which a person who has consented comes back.
    ///
    /// @param signIn the page that they were sent to
    public static String codeFor(URI signIn) {
        for (String parameter : signIn.getRawQuery().split("&", -1)) {
            if (parameter.startsWith("state=")) {
                return "code=" + CODE + "&" + parameter;
            }
        }
        throw new AssertionError("no state: " + signIn);
    }

    private String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void mcp(HttpExchange exchange) throws IOException {
        String sent = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!sent.equals("Bearer " + TOKEN)) {
            exchange.getResponseHeaders()
                    .set(
                            "WWW-Authenticate",
                            "Bearer resource_metadata=\"%s/.well-known/oauth-protected-resource\""
                                    .formatted(base()));
            answer(exchange, 401, JSON.createObjectNode());
            return;
        }
        JsonNode message = JSON.readTree(exchange.getRequestBody());
        if (!message.hasNonNull("id")) {
            answer(exchange, exchange.getRequestMethod().equals("POST") ? 202 : 405, null);
            return;
        }
        ObjectNode reply = JSON.createObjectNode().put("jsonrpc", "2.0");
        reply.set("id", message.get("id"));
        ObjectNode result = reply.putObject("result");
        switch (message.path("method").asText()) {
            case "initialize" -> {
                result.put("protocolVersion", "2025-11-25")
                        .putObject("capabilities")
                        .putObject("tools");
                result.putObject("serverInfo").put("name", "private").put("version", "1");
            }
            case "tools/list" -> {
                ObjectNode tool = result.putArray("tools").addObject().put("name", "secret");
                tool.putObject("inputSchema").put("type", "object");
            }
            case "tools/call" -> {
                reply.remove("result");
                reply.putObject("error")
                        .put("code", -32000)
                        .put("message", sent + " " + exchange.getRequestHeaders().values());
            }
            default -> {
                reply.remove("result");
                reply.putObject("error").put("code", -32601).put("message", "not known");
            }
        }
        answer(exchange, 200, reply);
    }

    private void resource(HttpExchange exchange) throws IOException {
        ObjectNode json = JSON.createObjectNode().put("resource", url().toString());
        json.putArray("authorization_servers").add(base());
        answer(exchange, 200, json);
    }

    private void metadata(HttpExchange exchange) throws IOException {
        ObjectNode json =
                JSON.createObjectNode()
                        .put("issuer", base())
                        .put("authorization_endpoint", base() + "/sign-in")
                        .put("token_endpoint", base() + "/token")
                        .put("registration_endpoint", base() + "/register");
        json.putArray("response_types_supported").add("code");
        json.putArray("code_challenge_methods_supported").add("S256");
        json.putArray("token_endpoint_auth_methods_supported")
                .add("none")
                .add("client_secret_basic");
        answer(exchange, 200, json);
    }

    private void register(HttpExchange exchange) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(exchange.getRequestBody());
        answer(exchange, 201, json.put("client_id", "tandem-at-a-test"));
    }

    private void token(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean signedIn = form.contains("code=" + CODE) && form.contains("code_verifier=");
        boolean known = BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"));
        boolean good = signedIn || (known && form.contains("grant_type=client_credentials"));
        ObjectNode json = JSON.createObjectNode();
        if (good) {
            json.put("access_token", TOKEN).put("token_type", "Bearer").put("expires_in", 3600);
        } else {
            json.put("error", "invalid_grant");
        }
        answer(exchange, good ? 200 : 400, json);
    }

    private static void answer(HttpExchange exchange, int status, @Nullable ObjectNode json)
            throws IOException {
        if (json == null) {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
            return;
        }
        byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
