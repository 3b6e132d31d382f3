package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.testing.RecordedUpstream.Answer;
import dev.tandem.testing.RecordedUpstream.Delivery;
import dev.tandem.testing.RecordedUpstream;
import dev.tandem.testing.Served;
import dev.tandem.v1.CancelRunRequest;
import dev.tandem.v1.ChatServiceGrpc;
import dev.tandem.v1.RunState;
import io.grpc.Context.CancellableContext;
import io.grpc.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A client that leaves, and a client that cancels, end the call to the provider in every phase of
/// an answer and over both wires; the time until the provider's socket closes is printed.
@Timeout(120)
final class CancelAcrossTheServerTest {
    private static final Duration MOST = Duration.ofMillis(500);

    /// `-Dtandem.cancel.rounds=50` for figures worth printing.
    private static final int ROUNDS = Integer.getInteger("tandem.cancel.rounds", 5);

    private static final List<String> TABLE = new ArrayList<>();

    @TempDir static Path folder;

    private static RecordedUpstream upstream;
    private static RunningServer server;

    /// How far an answer has come when it is cancelled.
    enum Phase {
        BEFORE_HEADERS(Delivery.BEFORE_HEADERS),
        BEFORE_FIRST_TOKEN(START.length()),
        IN_TEXT(START.length() + TEXT.length()),
        IN_A_TOOL_CALL(START.length() + TEXT.length() + TOOL.length());

        private final int bytes;

        Phase(int bytes) {
            this.bytes = bytes;
        }

        Answer answer() {
            return Answer.stream(START + TEXT + TOOL).delivered(Delivery.stallingAfter(bytes));
        }
    }

    /// How a client asks and leaves.
    enum Way {
        REST_STREAM_LEAVES,
        REST_WHOLE_LEAVES,
        GRPC_STREAM_LEAVES,
        GRPC_WHOLE_LEAVES,
        CANCELLED_BY_CALL
    }

    private static final String START =
            event(
                    "message_start",
                    """
                    {"type":"message_start","message":{"id":"msg_1","type":"message",\
                    "role":"assistant","model":"claude-sonnet-4-6","content":[],\
                    "stop_reason":null,"usage":{"input_tokens":5,"output_tokens":1}}}""");
    private static final String TEXT =
            event(
                            "content_block_start",
                            """
                            {"type":"content_block_start","index":0,\
                            "content_block":{"type":"text","text":""}}""")
                    + event(
                            "content_block_delta",
                            """
                            {"type":"content_block_delta","index":0,\
                            "delta":{"type":"text_delta","text":"Hello"}}""");
    private static final String TOOL =
            event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}")
                    + event(
                            "content_block_start",
                            """
                            {"type":"content_block_start","index":1,\
                            "content_block":{"type":"tool_use","id":"toolu_1","name":"f",\
                            "input":{}}}""")
                    + event(
                            "content_block_delta",
                            """
                            {"type":"content_block_delta","index":1,\
                            "delta":{"type":"input_json_delta","partial_json":"{\\"a\\""}}""");

    private static String event(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }

    @BeforeAll
    static void start() {
        upstream = new RecordedUpstream(List.of());
        // one client cancels here more often than the server takes from one connection
        Map<String, String> settings =
                Map.of(
                        "anthropic.api-key", "sk-ant-test-key",
                        "anthropic.base-url", upstream.uri().toString(),
                        "server.limits.resets-max", "100000");
        server = RunningServer.start(folder, settings);
    }

    @AfterAll
    static void stop() {
        server.close();
        upstream.close();
        System.out.println("from cancel to the provider's socket closed, ms:");
        TABLE.forEach(System.out::println);
    }

    static Stream<Arguments> cases() {
        return Arrays.stream(Phase.values())
                .flatMap(phase -> Arrays.stream(Way.values()).map(way -> Arguments.of(phase, way)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void endsTheCallToTheProvider(Phase phase, Way way) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            upstream.answer(phase.answer());
            millis.add(cancelOnce(way) / 1e6);
        }

        millis.sort(null);
        TABLE.add(
                "%-20s %-20s p50 %7.2f  p99 %7.2f  (%d rounds)"
                        .formatted(
                                phase,
                                way,
                                millis.get(millis.size() / 2),
                                millis.get((int) Math.ceil(millis.size() * 0.99) - 1),
                                millis.size()));
        assertTrue(millis.getLast() <= MOST.toMillis(), () -> "took " + millis + " ms");
    }

    /// Returns nanoseconds.
    private static long cancelOnce(Way way) throws Exception {
        return switch (way) {
            case REST_STREAM_LEAVES -> leaveHttp(true);
            case REST_WHOLE_LEAVES -> leaveHttp(false);
            case GRPC_STREAM_LEAVES -> leaveGrpc(true);
            case GRPC_WHOLE_LEAVES -> leaveGrpc(false);
            case CANCELLED_BY_CALL -> cancelByCall();
        };
    }

    private static long leaveHttp(boolean stream) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            askOverHttp(socket, "{\"model\":\"claude-sonnet-4-6\",", stream);
            Served served = upstream.awaitRequest();
            served.awaitWritten();
            long left = System.nanoTime();
            hangUp(socket);
            return served.awaitClose(Duration.ofSeconds(10)) - left;
        }
    }

    private static void askOverHttp(Socket socket, String begin, boolean stream)
            throws IOException {
        String body =
                begin
                        + "\"stream\":"
                        + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        String head =
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: application/json\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static void hangUp(Socket socket) throws IOException {
        socket.close();
    }

    private static long leaveGrpc(boolean stream) throws Exception {
        CancellableContext context = Context.current().withCancellation();
        Thread client = Thread.ofVirtual().start(context.wrap(() -> askOverGrpc(stream)));
        Served served = upstream.awaitRequest();
        served.awaitWritten();
        long left = System.nanoTime();
        context.cancel(null);
        long closed = served.awaitClose(Duration.ofSeconds(10));
        client.join();
        return closed - left;
    }

    private static void askOverGrpc(boolean stream) {
        ChatServiceGrpc.ChatServiceBlockingStub stub =
                ChatServiceGrpc.newBlockingStub(server.grpc());
        try {
            if (stream) {
                stub.streamChatCompletion(Told.question()).forEachRemaining(_ -> {});
            } else {
                stub.createChatCompletion(Told.question());
            }
        } catch (io.grpc.StatusRuntimeException cancelled) {
            assertEquals(io.grpc.Status.Code.CANCELLED, cancelled.getStatus().getCode());
        }
    }

    /// A session's answer goes on when its client leaves; it ends when somebody cancels it.
    private static long cancelByCall() throws Exception {
        String session =
                server.post("/v1/sessions", "{\"model\":\"claude-sonnet-4-6\"}")
                        .body()
                        .replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            askOverHttp(socket, "{\"session_id\":\"" + session + "\",", true);
            Served served = upstream.awaitRequest();
            served.awaitWritten();
            hangUp(socket);
            long asked = System.nanoTime();
            RunState state =
                    ChatServiceGrpc.newBlockingStub(server.grpc())
                            .cancelRun(CancelRunRequest.newBuilder().setRunId(session).build())
                            .getState();
            assertEquals(RunState.RUN_STATE_CANCELLED, state);
            return served.awaitClose(Duration.ofSeconds(10)) - asked;
        }
    }
}
