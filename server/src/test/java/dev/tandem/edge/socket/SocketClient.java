package dev.tandem.edge.socket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The JDK's WebSocket client, for a test that reads one message after the other.
public final class SocketClient implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http;
    private final WebSocket socket;
    private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();

    private final class Reader implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(parsed(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(code + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable problem) {
            closed.completeExceptionally(problem);
        }
    }

    private SocketClient(HttpClient http, URI uri, List<String> subprotocols, String... headers) {
        this.http = http;
        WebSocket.Builder builder = http.newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        if (!subprotocols.isEmpty()) {
            List<String> others = subprotocols.subList(1, subprotocols.size());
            builder.subprotocols(subprotocols.getFirst(), others.toArray(String[]::new));
        }
        this.socket = builder.buildAsync(uri, new Reader()).join();
    }

    /// Connects.
    ///
    /// @param headers names and values in turn
    /// @throws java.util.concurrent.CompletionException where the server refuses
    public static SocketClient open(URI uri, String... headers) {
        return new SocketClient(HttpClient.newHttpClient(), uri, List.of(), headers);
    }

    static SocketClient open(HttpClient http, URI uri, List<String> subprotocols) {
        return new SocketClient(http, uri, subprotocols);
    }

    public String subprotocol() {
        return socket.getSubprotocol();
    }

    public SocketClient send(String json) {
        socket.sendText(json, true).join();
        return this;
    }

    /// Sends a message in pieces.
    SocketClient sendPieces(String... pieces) {
        for (int i = 0; i < pieces.length; i++) {
            socket.sendText(pieces[i], i == pieces.length - 1).join();
        }
        return this;
    }

    /// The next message.
    public JsonNode next() throws InterruptedException {
        JsonNode message = messages.poll(10, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message within 10 s; closed: " + closed);
        }
        return message;
    }

    /// The next message of a type, passing over others.
    public JsonNode next(String type) throws InterruptedException {
        JsonNode message = next();
        while (!message.path("type").asText().equals(type)) {
            message = next();
        }
        return message;
    }

    /// How the server closed, such as `1001 the server stops`.
    public String awaitClose() throws Exception {
        return closed.get(10, TimeUnit.SECONDS);
    }

    /// Leaves without a word.
    public void abort() {
        socket.abort();
    }

    /// Says goodbye, and waits for the server's.
    public void leave() throws Exception {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        awaitClose();
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }

    private static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException malformed) {
            throw new AssertionError(text, malformed);
        }
    }
}
