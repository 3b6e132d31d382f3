package dev.tandem.plugin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Takes what webhooks are sent, keeps it, and answers as it is told.
final class Receiver implements AutoCloseable {
    final List<Taken> taken = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private volatile Reply reply = exchange -> send(exchange, 200, "text/plain", "done");

    /// What came.
    record Taken(String path, Headers headers, String text) {
        String header(String name) {
            return String.valueOf(headers.getFirst(name));
        }
    }

    /// Answers a call.
    interface Reply {
        void to(HttpExchange exchange) throws IOException;
    }

    Receiver() throws IOException {
        this(0);
    }

    /// @param port 0 for any
    Receiver(int port) throws IOException {
        server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    taken.add(
                            new Taken(
                                    exchange.getRequestURI().getPath(),
                                    exchange.getRequestHeaders(),
                                    new String(body, StandardCharsets.UTF_8)));
                    reply.to(exchange);
                });
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
    }

    void reply(Reply with) {
        reply = with;
    }

    void reply(int status, String type, String body) {
        reply = exchange -> send(exchange, status, type, body);
    }

    private static void send(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
