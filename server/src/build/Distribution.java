import com.google.protobuf.Message;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tandem.v1.ChatCompletion;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.RunEvent;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sqlite.util.OSInfo;

/// Readies an unpacked distribution for machines like this one: lays the database's native library
/// beside the jars, and lets the server answer a few requests so that the JVM can write down what
/// it loaded (an ahead-of-time cache). Run by `make dist`, with the distribution's own jars:
/// `java -cp 'DIST/lib/*' Distribution.java DIST`.
final class Distribution {
    private static final int ROUNDS = 200;
    private static final int START_TENTHS_MAX = 600;
    private static final Pattern PORT = Pattern.compile("listens on http://[^:]+:(\\d+)");

    private static final MethodDescriptor<ChatCompletionRequest, ChatCompletion> CREATE =
            method(MethodType.UNARY, "CreateChatCompletion", ChatCompletion.getDefaultInstance());

    private static final MethodDescriptor<ChatCompletionRequest, RunEvent> STREAM =
            method(
                    MethodType.SERVER_STREAMING,
                    "StreamChatCompletion",
                    RunEvent.getDefaultInstance());

    private static final String EVENTS =
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message",\
            "role":"assistant","content":[],"model":"claude","stop_reason":null,\
            "usage":{"input_tokens":9,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,\
            "delta":{"type":"text_delta","text":"Good morning"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn",\
            "stop_sequence":null},"usage":{"output_tokens":12}}

            event: message_stop
            data: {"type":"message_stop"}

            """;

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]).toAbsolutePath();
        layOutNativeLibrary(folder.resolve("native"));
        Path scratch = Files.createTempDirectory("tandem-dist");
        HttpServer upstream = upstream();
        try {
            train(folder, scratch, upstream.getAddress().getPort());
        } finally {
            upstream.stop(0);
            delete(scratch);
        }
        if (!Files.exists(folder.resolve("tandem.aot"))) {
            throw new IllegalStateException("the JVM has not written its cache");
        }
    }

    private static void layOutNativeLibrary(Path into) throws IOException {
        String name = System.mapLibraryName("sqlitejdbc");
        String resource =
                "/org/sqlite/native/" + OSInfo.getNativeLibFolderPathForCurrentOS() + "/" + name;
        try (InputStream library = OSInfo.class.getResourceAsStream(resource)) {
            if (library == null) {
                throw new IllegalStateException("there is no " + resource);
            }
            Files.createDirectories(into);
            Files.copy(library, into.resolve(name));
        }
    }

    /// Anthropic, in as much as one answer goes.
    private static HttpServer upstream() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/v1/messages", Distribution::answer);
        server.start();
        return server;
    }

    private static void answer(HttpExchange exchange) throws IOException {
        byte[] _ = exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("content-type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(EVENTS.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void train(Path folder, Path scratch, int upstreamPort) throws Exception {
        Path log = scratch.resolve("server.log");
        Process server = start(folder, scratch, upstreamPort, log);
        try {
            int port = port(log);
            overRest(port);
            overGrpc(port);
            server.destroy();
            int status = server.waitFor();
            System.out.println("dist: the server has answered, and ended with " + status);
        } catch (Exception broken) {
            System.out.println(Files.readString(log));
            throw broken;
        } finally {
            server.destroyForcibly();
        }
    }

    private static Process start(Path folder, Path scratch, int upstreamPort, Path log)
            throws IOException {
        ProcessBuilder command =
                new ProcessBuilder(
                        folder.resolve("bin/tandem").toString(),
                        "--port",
                        "0",
                        "--data",
                        scratch.toString());
        command.directory(scratch.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
        command.environment()
                .putAll(
                        Map.of(
                                "JAVA_HOME",
                                System.getProperty("java.home"),
                                "TANDEM_JAVA_OPTS",
                                "-XX:AOTCacheOutput=" + folder.resolve("tandem.aot"),
                                "ANTHROPIC_API_KEY",
                                "none",
                                "ANTHROPIC_BASE_URL",
                                "http://127.0.0.1:" + upstreamPort));
        return command.start();
    }

    private static int port(Path log) throws Exception {
        for (int tenths = 0; tenths < START_TENTHS_MAX; tenths++) {
            Matcher found = PORT.matcher(Files.readString(log));
            if (found.find()) {
                return Integer.parseInt(found.group(1));
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException("the server did not start");
    }

    private static void overRest(int port) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI server = URI.create("http://127.0.0.1:" + port);
            HttpRequest.Builder post =
                    HttpRequest.newBuilder(server.resolve("/v1/chat/completions"))
                            .header("content-type", "application/json");
            for (int i = 0; i < ROUNDS; i++) {
                must(client, HttpRequest.newBuilder(server.resolve("/health")).build());
                must(client, post.POST(question(false)).build());
                must(client, post.POST(question(true)).build());
            }
            must(client, HttpRequest.newBuilder(server.resolve("/v1/models")).build());
            must(client, HttpRequest.newBuilder(server.resolve("/metrics")).build());
        }
    }

    private static HttpRequest.BodyPublisher question(boolean streamed) {
        return BodyPublishers.ofString(
                """
                {"model":"claude-haiku-4-5","stream":%s,"max_tokens":64,
                 "messages":[{"role":"system","content":"Be kind."},
                             {"role":"user","content":"Good morning"}]}
                """
                        .formatted(streamed));
    }

    private static void must(HttpClient client, HttpRequest request) throws Exception {
        int status = client.send(request, BodyHandlers.ofString()).statusCode();
        if (status != 200) {
            throw new IllegalStateException(request.uri() + " answered " + status);
        }
    }

    private static void overGrpc(int port) {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        ChatCompletionRequest question =
                ChatCompletionRequest.newBuilder()
                        .setModel("claude-haiku-4-5")
                        .addMessages(
                                ChatMessage.newBuilder().setRole("user").setContent("Good morning"))
                        .build();
        try {
            for (int i = 0; i < ROUNDS; i++) {
                ClientCalls.blockingUnaryCall(channel, CREATE, CallOptions.DEFAULT, question);
                ClientCalls.blockingServerStreamingCall(
                                channel, STREAM, CallOptions.DEFAULT, question)
                        .forEachRemaining(_ -> {});
            }
        } finally {
            channel.shutdownNow();
        }
    }

    private static <A extends Message> MethodDescriptor<ChatCompletionRequest, A> method(
            MethodType type, String name, A answer) {
        return MethodDescriptor.<ChatCompletionRequest, A>newBuilder()
                .setType(type)
                .setFullMethodName("tandem.v1.ChatService/" + name)
                .setRequestMarshaller(
                        ProtoUtils.marshaller(ChatCompletionRequest.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(answer))
                .build();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
