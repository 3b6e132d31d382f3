package dev.tandem.mcp.oauth;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// An MCP server at `/mcp` and its authorization server, on this machine. It does everything right
/// until a test changes what it says.
final class FakeAuthority implements AutoCloseable {
    static final String RESOURCE = "/.well-known/oauth-protected-resource";
    static final String SERVER = "/.well-known/oauth-authorization-server";
    static final String OPENID = "/.well-known/openid-configuration";

    private static final ObjectMapper JSON = new ObjectMapper();

    final ObjectNode resource;
    final ObjectNode metadata;
    final ObjectNode registered;
    final ObjectNode tokens;
    final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final HttpServer http;
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();

    /// A request.
    record Seen(String method, String path, String query, String body, Optional<String> auth) {
        Map<String, String> form() {
            return HeadlessBrowser.parameters(body);
        }
    }

    /// An answer.
    record Said(int status, String body, Map<String, String> headers) {
        static Said json(int status, ObjectNode json) {
            return new Said(status, json.toString(), Map.of("Content-Type", "application/json"));
        }

        static Said status(int status) {
            return new Said(status, "", Map.of());
        }

        static Said moved(String to) {
            return new Said(302, "", Map.of("Location", to));
        }

        static Said error(String word) {
            return json(400, JSON.createObjectNode().put("error", word));
        }
    }

    interface Page {
        Said answer(Seen request) throws IOException;
    }

    FakeAuthority() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", this::serve);
        http.start();
        resource = JSON.createObjectNode().put("resource", url("/mcp").toString());
        resource.putArray("authorization_servers").add(origin());
        metadata =
                JSON.createObjectNode()
                        .put("issuer", origin())
                        .put("authorization_endpoint", origin() + "/authorize")
                        .put("token_endpoint", origin() + "/token")
                        .put("registration_endpoint", origin() + "/register")
                        .put("revocation_endpoint", origin() + "/revoke");
        metadata.putArray("code_challenge_methods_supported").add("S256");
        registered = JSON.createObjectNode().put("client_id", "client-1");
        tokens = JSON.createObjectNode().put("token_type", "Bearer").put("expires_in", 3600);
        on(RESOURCE + "/mcp", _ -> Said.json(200, resource));
        on(SERVER, _ -> Said.json(200, metadata));
        on("/register", _ -> Said.json(201, registered));
        on("/authorize", this::sendBack);
        on("/token", _ -> Said.json(200, freshTokens()));
        on("/revoke", _ -> Said.status(200));
        on("/mcp", _ -> new Said(401, "", Map.of("WWW-Authenticate", challenge())));
    }

    String origin() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    URI url(String path) {
        return URI.create(origin() + path);
    }

    OAuthServer server() {
        return new OAuthServer("files", url("/mcp"));
    }

    String challenge() {
        return "Bearer resource_metadata=\"" + url(RESOURCE + "/mcp") + "\"";
    }

    /// What is said at a path from now on.
    void on(String path, Page page) {
        pages.put(path, page);
    }

    void nothingAt(String path) {
        pages.remove(path);
    }

    List<Seen> at(String path) {
        return seen.stream().filter(request -> request.path().equals(path)).toList();
    }

    List<String> paths() {
        return seen.stream().map(Seen::path).toList();
    }

    /// Tokens that nobody has had, the first `access-1` with `refresh-1`.
    ObjectNode freshTokens() {
        int number = numbers.incrementAndGet();
        return tokens.deepCopy()
                .put("access_token", "access-" + number)
                .put("refresh_token", "refresh-" + number);
    }

    private Said sendBack(Seen request) {
        Map<String, String> asked = HeadlessBrowser.parameters(request.query());
        return Said.moved(asked.get("redirect_uri") + "?code=the-code&state=" + asked.get("state"));
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Seen request =
                    new Seen(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getPath(),
                            String.valueOf(exchange.getRequestURI().getRawQuery()),
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8),
                            Optional.ofNullable(
                                    exchange.getRequestHeaders().getFirst("Authorization")));
            seen.add(request);
            Said said = pages.getOrDefault(request.path(), _ -> Said.status(404)).answer(request);
            said.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] body = said.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(said.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
