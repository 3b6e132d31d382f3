package dev.tandem.testing;

import dev.tandem.auth.Authenticator;
import dev.tandem.auth.Caller;
import dev.tandem.auth.FrontDoor;
import dev.tandem.edge.openai.OpenAiEdge;
import dev.tandem.edge.rest.RestEdge;
import dev.tandem.edge.rest.RestSettings;
import dev.tandem.id.Ids;
import dev.tandem.observe.CallObserver.CallEnd;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A web server with both JSON edges in front of given methods, and a client for it.
public final class EdgeServer implements AutoCloseable {
    public static final int BODY_MAX = 100_000;

    private final WebServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Queue<CallEnd> ended = new ConcurrentLinkedQueue<>();

    public EdgeServer(List<RpcMethod<?, ?>> methods) {
        this(methods, _ -> Caller.ANONYMOUS);
    }

    public EdgeServer(List<RpcMethod<?, ?>> methods, Authenticator authenticator) {
        Pipeline pipeline = new Pipeline(FrontDoor.open(), authenticator, _ -> {}, ended::add);
        Ids ids = new Ids(InstantSource.system(), new SecureRandom());
        RestSettings settings = new RestSettings(BODY_MAX);
        HttpRouting.Builder routing = HttpRouting.builder();
        new RestEdge(methods, pipeline, ids, settings).register(routing);
        new OpenAiEdge(methods, pipeline, ids, settings).register(routing);
        this.server =
                WebServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .shutdownGracePeriod(Duration.ofMillis(100))
                        .shutdownHook(false)
                        .connectionOptions(options -> options.tcpNoDelay(true))
                        .addRouting(routing)
                        .build()
                        .start();
    }

    public int port() {
        return server.port();
    }

    /// How calls ended, in order.
    public List<CallEnd> ended() {
        return List.copyOf(ended);
    }

    /// Sends a request with a JSON body, or with none where it is empty.
    ///
    /// @param headers names and values in turn
    public HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (!body.isEmpty()) {
            request.setHeader("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        request.method(method, HttpRequest.BodyPublishers.ofString(body));
        return send(request.build());
    }

    public HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    public HttpResponse<String> post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    public HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException problem) {
            throw new AssertionError(problem);
        }
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /// Sends bytes as they are, closes the sending side, and returns all that comes back.
    public String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        server.stop();
    }
}
