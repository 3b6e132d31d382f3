package dev.tandem.launch;

import dev.tandem.edge.rest.ServedPath;
import dev.tandem.launch.Layer.Found;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The whole server, as the operator starts it but in this process and on a free port, with clients
/// for both of its wires.
///
/// ```java
/// try (RunningServer server = RunningServer.start(folder, Map.of("scripted.enabled", "true"))) {
///     server.post("/v1/chat/completions", "{…}");
///     ChatServiceGrpc.newBlockingStub(server.grpc()).createChatCompletion(…);
/// }
/// ```
public final class RunningServer implements AutoCloseable {
    private final ServerAssembly server;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ManagedChannel grpc;
    private boolean stopped;

    private RunningServer(ServerAssembly server) {
        this.server = server;
        this.grpc =
                NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
    }

    /// Starts a server.
    ///
    /// @param folder holds the data; hand in the same one to start again on it
    /// @param settings by key, such as `anthropic.base-url`
    public static RunningServer start(Path folder, Map<String, String> settings) {
        return start(folder, settings, Map.of());
    }

    /// Starts a server in an environment.
    ///
    /// @param variables by name
    static RunningServer start(
            Path folder, Map<String, String> settings, Map<String, String> variables) {
        Configuration all = configuration(folder, settings, variables);
        return new RunningServer(
                new ServerAssembly(ServerSettings.read(all, variables, folder)).start());
    }

    /// What a server would be configured with.
    static Configuration configuration(
            Path folder, Map<String, String> settings, Map<String, String> variables) {
        Map<String, Found> flags = new LinkedHashMap<>();
        flags.put("server.port", new Found("--port", "0"));
        flags.put("server.shutdown-limit", new Found("--set", "1s"));
        flags.put("storage.data", new Found("--data", folder.toString()));
        flags.put("local.enabled", new Found("--set", "false"));
        settings.forEach((key, value) -> flags.put(key, new Found("--set", value)));
        return Configuration.read(
                new Arguments(Arguments.Task.SERVE, Optional.empty(), flags, Optional.empty()),
                variables,
                folder);
    }

    /// A server that asks Anthropic at another address.
    public static RunningServer asking(Path folder, URI upstream) {
        return start(
                folder,
                Map.of(
                        "anthropic.api-key",
                        "sk-ant-test-key",
                        "anthropic.base-url",
                        upstream.toString()));
    }

    public int port() {
        return server.port();
    }

    /// All that it serves over HTTP.
    public List<ServedPath> paths() {
        return server.paths();
    }

    /// How many devices watch a session.
    public int watches() {
        return server.watches();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /// A channel that the server's end closes with it.
    public ManagedChannel grpc() {
        return grpc;
    }

    public HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).GET());
    }

    public HttpResponse<String> delete(String path) {
        return send(HttpRequest.newBuilder(uri(path)).DELETE());
    }

    public HttpResponse<String> post(String path, String json) {
        return send(
                HttpRequest.newBuilder(uri(path))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    public HttpResponse<String> patch(String path, String json) {
        return send(
                HttpRequest.newBuilder(uri(path))
                        .header("content-type", "application/json")
                        .method("PATCH", HttpRequest.BodyPublishers.ofString(json)));
    }

    /// Sends a request with a key.
    ///
    /// @param json empty for none
    public HttpResponse<String> send(String key, String method, String path, String json) {
        return send(
                HttpRequest.newBuilder(uri(path))
                        .header("authorization", "Bearer " + key)
                        .header("content-type", "application/json")
                        .method(
                                method,
                                json.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(json)));
    }

    /// Sends a request and reads the whole answer.
    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(
                    request.version(HttpClient.Version.HTTP_1_1).build(), BodyHandlers.ofString());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    /// Stops the server and leaves its clients as they are.
    public void stopServing() {
        if (!stopped) {
            stopped = true;
            server.close();
        }
    }

    @Override
    public void close() {
        grpc.shutdownNow();
        try {
            grpc.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        http.close();
        stopServing();
    }
}
