package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An MCP client as simple as can be.
final class McpClient implements AutoCloseable {
    static final String BOTH = "application/json, text/event-stream";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final McpServer server;
    private final List<String> headers = new ArrayList<>();
    private int ids;

    McpClient(McpServer server, String... headers) {
        this.server = server;
        this.headers.addAll(List.of(headers));
    }

    /// Greets, and stays in the session.
    static McpClient greeting(McpServer server, String version, String capabilities) {
        McpClient client = new McpClient(server);
        HttpResponse<String> hello = client.post(hello(version, capabilities));
        client.with("Mcp-Session-Id", hello.headers().firstValue("mcp-session-id").orElseThrow());
        return client;
    }

    static String hello(String version, String capabilities) {
        return message(
                "0",
                "initialize",
                "{\"protocolVersion\":\"%s\",\"capabilities\":%s,\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}"
                        .formatted(version, capabilities));
    }

    static String message(String id, String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\",\"params\":%s}"
                .formatted(id, method, params);
    }

    static String notice(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":%s}".formatted(method, params);
    }

    /// Sends a header with every request from now on.
    McpClient with(String name, String value) {
        headers.add(name);
        headers.add(value);
        return this;
    }

    String header(String name) {
        return headers.get(headers.indexOf(name) + 1);
    }

    /// Asks, and returns the message with the answer.
    JsonNode ask(String method, String params) {
        return json(post(message(Integer.toString(++ids), method, params)));
    }

    JsonNode result(String method, String params) {
        return ask(method, params).path("result");
    }

    static JsonNode json(HttpResponse<String> answer) {
        return ConformanceFixtures.tree(answer.body());
    }

    HttpResponse<String> post(String body, String... more) {
        return send(request("POST", body, more));
    }

    HttpResponse<String> send(String method, String body, String... more) {
        return send(request(method, body, more));
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException problem) {
            throw new AssertionError(problem);
        }
    }

    /// Begins a request whose answer is read as it comes.
    Events open(String method, String body, String... more) {
        try {
            return new Events(
                    client.send(request(method, body, more), BodyHandlers.ofInputStream()));
        } catch (IOException | InterruptedException problem) {
            throw new AssertionError(problem);
        }
    }

    private HttpRequest request(String method, String body, String... more) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri());
        request.setHeader("Accept", BOTH);
        if (!body.isEmpty()) {
            request.setHeader("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.size(); i += 2) {
            request.setHeader(headers.get(i), headers.get(i + 1));
        }
        for (int i = 0; i < more.length; i += 2) {
            request.setHeader(more[i], more[i + 1]);
        }
        return request.method(method, HttpRequest.BodyPublishers.ofString(body)).build();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /// A stream of events.
    static final class Events implements AutoCloseable {
        private final HttpResponse<InputStream> answer;
        private final BufferedReader lines;

        /// @param data empty where it only names a place
        record Event(Optional<String> id, String data) {
            JsonNode json() {
                return ConformanceFixtures.tree(data);
            }
        }

        Events(HttpResponse<InputStream> answer) {
            this.answer = answer;
            this.lines =
                    new BufferedReader(
                            new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        HttpResponse<InputStream> answer() {
            return answer;
        }

        /// The next event; empty at the end.
        Optional<Event> next() {
            Optional<String> id = Optional.empty();
            Optional<String> data = Optional.empty();
            try {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("id: ")) {
                        id = Optional.of(line.substring(4));
                    } else if (line.startsWith("data: ")) {
                        data = Optional.of(line.substring(6));
                    } else if (line.isEmpty() && data.isPresent()) {
                        return Optional.of(new Event(id, data.get()));
                    }
                }
                return Optional.empty();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }

        /// The next message.
        Event message() {
            Event event = next().orElseThrow();
            return event.data().isEmpty() ? message() : event;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
