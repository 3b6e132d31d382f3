package dev.tandem.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.google.protobuf.Message;
import dev.tandem.launch.RunningServer;
import dev.tandem.testing.RecordedUpstream;
import dev.tandem.testing.RecordedUpstream.Answer;
import dev.tandem.testing.RecordedUpstream.Delivery;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.ListModelsRequest;
import dev.tandem.v1.ListSessionsRequest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Keys go in and never come out: not in answers, errors, trailers, metrics, the log or the data.
final class SecretsTest {
    private static final List<String> SECRETS =
            List.of(
                    KeyedServer.ANTHROPIC_KEY,
                    KeyedServer.KEY,
                    KeyedServer.OTHER_KEY,
                    "a-wrong-key-that-was-sent");
    private static final String ANSWER =
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message",\
            "role":"assistant","model":"claude-sonnet-4-6","content":[],"stop_reason":null,\
            "usage":{"input_tokens":3,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"hi"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},\
            "usage":{"output_tokens":2}}

            event: message_stop
            data: {"type":"message_stop"}

            """;

    @TempDir private Path data;
    private final Log log = new Log();
    private final Queue<String> answers = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void listen() {
        log.listen();
    }

    @AfterEach
    void leave() {
        log.leave();
    }

    @Test
    void noSecretLeavesTheServer() throws Exception {
        try (RecordedUpstream upstream = new RecordedUpstream(upstreamAnswers());
                RunningServer server = KeyedServer.start(data, upstream.uri())) {
            List<Wire> wires =
                    List.of(new GrpcWire(server.grpc(), Map.of()), new RestWire(server, Map.of()));
            int asked = 0;
            for (Wire wire : wires) {
                assertEquals("", hear(wire.as(KeyedServer.KEY), question()).code());
                for (String code :
                        List.of(
                                "upstream_error",
                                "upstream_error",
                                "rate_limited",
                                "upstream_error")) {
                    assertEquals(code, hear(wire.as(KeyedServer.KEY), question()).code());
                }
                refusals(wire);
                asked += 5;
            }
            pages(server);
            stream(server);

            assertEquals(asked + 1, upstream.served().size());
            assertTrue(
                    upstream.served().stream()
                            .allMatch(
                                    call ->
                                            KeyedServer.ANTHROPIC_KEY.equals(
                                                    call.header("x-api-key"))),
                    "the provider's key was not in play");
        }
        assertTrue(log.all().contains("ChatService/CreateChatCompletion"), "no log was heard");
        nowhereIn("the log", log.all());
        nowhereIn("an answer", String.join("\n", answers));
        for (Path file : files()) {
            nowhereIn(
                    file.getFileName().toString(),
                    Files.readString(file, StandardCharsets.ISO_8859_1));
        }
    }

    /// For each wire a success and failures, one of which says the key back; and one for a stream.
    private static List<Answer> upstreamAnswers() {
        List<Answer> answers = new ArrayList<>();
        for (int wire = 0; wire < 2; wire++) {
            answers.add(Answer.stream(ANSWER));
            answers.add(
                    refusal(
                            401,
                            "authentication_error",
                            "invalid x-api-key " + KeyedServer.ANTHROPIC_KEY));
            answers.add(refusal(403, "permission_error", "not allowed"));
            answers.add(refusal(429, "rate_limit_error", "slower"));
            answers.add(Answer.stream(ANSWER).delivered(Delivery.cutAfter(300)));
        }
        answers.add(Answer.stream(ANSWER));
        return answers;
    }

    private static Answer refusal(int status, String type, String message) {
        return new Answer(
                status,
                Map.of("content-type", "application/json", "x-should-retry", "false"),
                "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"}}"
                        .formatted(type, message),
                Delivery.AT_ONCE);
    }

    private void refusals(Wire wire) {
        hear(wire.as("a-wrong-key-that-was-sent"), question());
        hear(wire.with("x-api-key", "a-wrong-key-that-was-sent"), question());
        hear(wire, question());
        Wire bob = wire.as(KeyedServer.OTHER_KEY);
        hear(bob, question().toBuilder().setModel("nobody/has-it").build());
        hear(bob, question().toBuilder().setTemperature(9).build());
        hear(bob, question().toBuilder().setSessionId("sess_x").build());
        hear(bob, ListModelsRequest.getDefaultInstance());
        hear(bob, ListSessionsRequest.getDefaultInstance());
    }

    private void pages(RunningServer server) {
        String question =
                """
                {"model":"claude-sonnet-4-6","messages":[{"role":"user","content":"hello"}]}
                """;
        hear(send(server, "/v1/chat/completions/debug", question));
        hear(send(server, "/v1/chat/completions", "{not json"));
        hear(send(server, "/v1/nowhere", "{}"));
        hear(server.get("/health"));
        hear(server.get("/health/ready"));
        HttpResponse<String> metrics =
                server.send(
                        HttpRequest.newBuilder(server.uri("/metrics"))
                                .header("authorization", "Bearer " + KeyedServer.KEY));
        assertTrue(metrics.body().contains("tandem_requests_total"), metrics::body);
        hear(metrics);
    }

    private void stream(RunningServer server) {
        HttpResponse<String> answer =
                send(
                        server,
                        "/v1/chat/completions",
                        """
                        {"model":"claude-sonnet-4-6","stream":true,
                         "messages":[{"role":"user","content":"hello"}]}
                        """);
        assertTrue(answer.body().contains("[DONE]"), answer::body);
        hear(answer);
    }

    private static HttpResponse<String> send(RunningServer server, String path, String json) {
        return server.send(
                HttpRequest.newBuilder(server.uri(path))
                        .header("content-type", "application/json")
                        .header("authorization", "Bearer " + KeyedServer.KEY)
                        .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private static ChatCompletionRequest question() {
        return ChatCompletionRequest.newBuilder()
                .setModel("claude-sonnet-4-6")
                .addMessages(ChatMessage.newBuilder().setRole("user").setContent("hello"))
                .build();
    }

    private Wire.Answer hear(Wire wire, Message request) {
        Wire.Answer answer = wire.call(request);
        answers.add(answer.toString());
        return answer;
    }

    private void hear(HttpResponse<String> answer) {
        answers.add(answer.headers().map() + "\n" + answer.body());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static void nowhereIn(String sink, String text) {
        for (String secret : SECRETS) {
            int at = text.indexOf(secret);
            assertTrue(
                    at < 0,
                    () -> {
                        String around =
                                text.substring(
                                        Math.max(0, at - 200), Math.min(text.length(), at + 60));
                        return sink + " has a secret: …" + around + "…";
                    });
        }
    }

    /// Everything that the server's operator could read, its own loggers at their most talkative.
    private static final class Log extends AppenderBase<ILoggingEvent> {
        private final StringBuilder text = new StringBuilder();
        private final LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
        private final Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
        private final Logger own = loggers.getLogger("dev.tandem");
        private final Logger access = loggers.getLogger("tandem.access");

        void listen() {
            setContext(loggers);
            start();
            own.setLevel(Level.TRACE);
            access.setLevel(Level.TRACE);
            root.addAppender(this);
        }

        void leave() {
            root.detachAppender(this);
            own.setLevel(null);
            access.setLevel(null);
            stop();
        }

        synchronized String all() {
            return text.toString();
        }

        @Override
        protected synchronized void append(ILoggingEvent event) {
            text.append(event.getLoggerName())
                    .append(' ')
                    .append(event.getFormattedMessage())
                    .append(' ')
                    .append(event.getKeyValuePairs())
                    .append(' ')
                    .append(event.getMDCPropertyMap());
            IThrowableProxy thrown = event.getThrowableProxy();
            if (thrown != null) {
                text.append('\n').append(ThrowableProxyUtil.asString(thrown));
            }
            text.append('\n');
        }
    }
}
