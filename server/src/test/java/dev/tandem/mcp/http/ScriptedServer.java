package dev.tandem.mcp.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/// An HTTP server that does what a test says, each request on a virtual thread of its own.
final class ScriptedServer implements AutoCloseable {
    /// The requests that came, in their order.
    final LinkedBlockingQueue<Asked> requests = new LinkedBlockingQueue<>();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    interface Script {
        void answer(Asked request) throws IOException, InterruptedException;
    }

    ScriptedServer(Script script) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    Asked asked = new Asked(exchange);
                    requests.add(asked);
                    try {
                        script.answer(asked);
                    } catch (InterruptedException stopped) {
                        throw new IOException(stopped);
                    } finally {
                        asked.over();
                    }
                });
        server.start();
    }

    URI url() {
        return url("/mcp");
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /// The next request of this method.
    Asked next(String method) throws InterruptedException {
        while (true) {
            Asked asked = requests.take();
            if (asked.method().equals(method)) {
                return asked;
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }

    /// A request, and how it is answered. An answer that is not finished when the script returns is
    /// finished then; one whose script throws breaks off.
    static final class Asked {
        private final HttpExchange exchange;
        private final String body;
        private boolean broken;

        Asked(HttpExchange exchange) throws IOException {
            this.exchange = exchange;
            this.body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        }

        String method() {
            return exchange.getRequestMethod();
        }

        String path() {
            return exchange.getRequestURI().getPath();
        }

        String body() {
            return body;
        }

        Optional<String> header(String name) {
            return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
        }

        Asked set(String name, String value) {
            exchange.getResponseHeaders().set(name, value);
            return this;
        }

        void status(int status) throws IOException {
            exchange.sendResponseHeaders(status, -1);
        }

        void json(int status, String json) throws IOException {
            body(status, "application/json", json);
        }

        void body(int status, String type, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }

        /// Begins a stream of events.
        Asked stream() throws IOException {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.sendResponseHeaders(200, 0);
            return this;
        }

        /// Writes lines of a stream.
        Asked say(String lines) throws IOException {
            OutputStream out = exchange.getResponseBody();
            out.write(lines.getBytes(StandardCharsets.UTF_8));
            out.flush();
            return this;
        }

        /// Breaks the connection in the midst of the answer.
        void breakOff() throws IOException {
            broken = true;
            throw new IOException("as the test wants it");
        }

        private void over() {
            if (!broken) {
                exchange.close();
            }
        }
    }
}
