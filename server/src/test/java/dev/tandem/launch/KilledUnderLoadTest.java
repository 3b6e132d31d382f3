package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.testing.RecordedUpstream;
import dev.tandem.testing.RecordedUpstream.Answer;
import dev.tandem.testing.RecordedUpstream.Delivery;
import dev.tandem.testing.Served;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.ChatServiceGrpc;
import dev.tandem.v1.ResumeVerdict;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.WatchRunRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The server is killed outright while it streams dozens of answers over both wires, and started
/// again, some times over on the same data. Nothing that a client was told is lost but the last
/// moment of a text, nothing is left running, and every client goes on where it was.
///
/// `-Dtandem.kills=20` for figures worth printing.
@Timeout(600)
final class KilledUnderLoadTest {
    private static final int KILLS = Integer.getInteger("tandem.kills", 3);
    private static final int CLIENTS = 24;
    private static final int WORDS = 60;

    /// Between two words of an answer.
    private static final Duration PACE = Duration.ofMillis(12);

    /// What is older is stored: a tenth of a second, and the time that a busy machine needs to
    /// store it.
    private static final Duration LOST_MAX = Duration.ofMillis(500);

    private static final String WHOLE = text(WORDS);
    private static final String STREAM = stream();

    @TempDir Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Random random = new Random();
    private final List<Long> restartsMs = new ArrayList<>();
    private final List<Long> lostMs = Collections.synchronizedList(new ArrayList<>());
    private int port;
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();
    private final AtomicInteger gaps = new AtomicInteger();
    private volatile long killedAtNanos;

    /// The first words of every answer.
    private static String text(int words) {
        StringBuilder text = new StringBuilder();
        for (int number = 0; number < words; number++) {
            text.append("word%05d ".formatted(number));
        }
        return text.toString();
    }

    private static String stream() {
        StringBuilder stream = new StringBuilder();
        event(
                stream,
                """
                {"type":"message_start","message":{"id":"msg_1","type":"message",\
                "role":"assistant","model":"claude-sonnet-4-6","content":[],\
                "stop_reason":null,"usage":{"input_tokens":5,"output_tokens":1}}}""");
        event(
                stream,
                """
                {"type":"content_block_start","index":0,\
                "content_block":{"type":"text","text":""}}""");
        for (int number = 0; number < WORDS; number++) {
            event(
                    stream,
                    """
                    {"type":"content_block_delta","index":0,\
                    "delta":{"type":"text_delta","text":"word%05d "}}"""
                            .formatted(number));
        }
        event(stream, "{\"type\":\"content_block_stop\",\"index\":0}");
        event(
                stream,
                """
                {"type":"message_delta","delta":{"stop_reason":"end_turn"},\
                "usage":{"output_tokens":60}}""");
        event(stream, "{\"type\":\"message_stop\"}");
        return stream.toString();
    }

    private static void event(StringBuilder stream, String data) {
        stream.append("data: ").append(data).append("\n\n");
    }

    /// What a client knows when its server dies: all questions that were taken in and answers that
    /// were whole, and of the last answer what it has read.
    private final class Client {
        private final String name;
        private final String session;
        private final boolean overGrpc;
        private final List<String> acknowledged = new ArrayList<>();
        private final List<Long> readAtNanos = new ArrayList<>();
        private final CountDownLatch speaks = new CountDownLatch(1);
        private final StringBuilder read = new StringBuilder();
        private String question = "";
        private String run = "";
        private String cursor = "";
        private boolean open;
        private int asked;

        Client(String name, String session, boolean overGrpc) {
            this.name = name;
            this.session = session;
            this.overGrpc = overGrpc;
        }

        /// Asks one question after the other, until the server is gone.
        void ask(ManagedChannel channel) {
            try {
                while (true) {
                    question = name + " question " + asked++;
                    read.setLength(0);
                    readAtNanos.clear();
                    run = "";
                    cursor = "";
                    open = false;
                    if (overGrpc) {
                        askGrpc(channel);
                    } else {
                        askRest();
                    }
                    acknowledged.add("assistant " + read);
                    open = false;
                }
            } catch (IOException | UncheckedIOException | StatusRuntimeException killed) {
                assertTrue(killedAtNanos != 0, () -> "before the kill: " + killed);
            }
        }

        private void began(String id) {
            if (!open) {
                run = id;
                open = true;
                acknowledged.add("user " + question);
            }
        }

        private void more(String text) {
            read.append(text);
            if (!text.isEmpty()) {
                speaks.countDown();
                readAtNanos.add(System.nanoTime());
            }
        }

        private void askGrpc(ManagedChannel channel) throws IOException {
            Iterator<RunEvent> events =
                    ChatServiceGrpc.newBlockingStub(channel)
                            .streamChatCompletion(
                                    ChatCompletionRequest.newBuilder()
                                            .setSessionId(session)
                                            .addMessages(
                                                    ChatMessage.newBuilder()
                                                            .setRole("user")
                                                            .setContent(question))
                                            .build());
            boolean whole = false;
            while (events.hasNext()) {
                RunEvent event = events.next();
                began(event.getRunId());
                more(event.getText().getText());
                cursor = event.getCursor();
                whole = event.hasCompleted();
            }
            requireWhole(whole);
        }

        private void askRest() throws IOException {
            String body =
                    """
                    {"session_id":"%s","stream":true,
                     "messages":[{"role":"user","content":"%s"}]}
                    """
                            .formatted(session, question);
            HttpResponse<Stream<String>> answer =
                    send(request("/v1/chat/completions").POST(BodyPublishers.ofString(body)));
            try (Stream<String> lines = answer.body()) {
                requireWhole(readFrames(lines.iterator()));
            }
        }

        /// Whether the stream came to its end.
        private boolean readFrames(Iterator<String> lines) {
            String id = "";
            while (lines.hasNext()) {
                String line = lines.next();
                if (line.startsWith("id: ")) {
                    id = line.substring("id: ".length());
                } else if (line.equals("data: [DONE]")) {
                    return true;
                } else if (line.startsWith("data: ")) {
                    JsonNode chunk = Chats.json(line.substring("data: ".length()));
                    assertTrue(!chunk.has("error"), line);
                    began(chunk.path("run_id").asText());
                    more(chunk.path("choices").path(0).path("delta").path("content").asText(""));
                    cursor = id.isEmpty() ? cursor : id;
                }
            }
            return false;
        }

        private void requireWhole(boolean whole) throws IOException {
            if (!whole) {
                throw new IOException("the stream broke off");
            }
            assertEquals(WHOLE, read.toString());
        }

        /// All that it was told is there, and what is there of the last answer is what was said.
        void check(ManagedChannel channel, Map<String, Served> asked) throws Exception {
            List<String> history = history();
            runs.addAndGet((acknowledged.size() + 1) / 2);
            assertTrue(
                    history.size() >= acknowledged.size(),
                    () -> name + " knows " + acknowledged + " but there is " + history);
            assertEquals(acknowledged, history.subList(0, acknowledged.size()), name);
            if (open) {
                checkCut(channel, history, asked);
            }
            assertNextWorks(history.size());
        }

        private void checkCut(
                ManagedChannel channel, List<String> history, Map<String, Served> asked)
                throws Exception {
            cut.incrementAndGet();
            JsonNode kept = get("/v1/runs/" + run);
            String state = kept.path("state").asText();
            String stored = kept.path("message").path("content").asText();
            assertTrue(
                    state.equals("interrupted") || state.equals("completed"),
                    () -> name + ": " + kept);
            assertTrue(WHOLE.startsWith(stored), () -> name + " has " + stored);
            // it may have been told to its client before the provider was asked
            String sent = asked.containsKey(question) ? sent(asked.get(question)) : "";
            assertTrue(stored.length() <= sent.length(), () -> name + " has " + stored);
            assertEquals(
                    stored.isEmpty() ? List.of() : List.of("assistant " + stored),
                    history.subList(acknowledged.size(), history.size()),
                    name);
            lostMs.add(lost(stored));
            Continued continued = overGrpc ? continueOverRest() : continueOverGrpc(channel);
            gaps.addAndGet(continued.gap ? 1 : 0);
            String now = continued.gap ? continued.text : read + continued.text;
            assertEquals(stored, now, name + " goes on at " + cursor);
            assertEquals(state, continued.end, name);
        }

        /// How old the oldest word was, when the server was killed, that the client has and the
        /// session does not; in milliseconds, 0 where there is none.
        private long lost(String stored) {
            int words = stored.length() / text(1).length();
            long nanos = words < readAtNanos.size() ? killedAtNanos - readAtNanos.get(words) : 0;
            long millis = Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos));
            assertTrue(millis <= LOST_MAX.toMillis(), () -> name + " lost " + millis + " ms");
            return millis;
        }

        private Continued continueOverGrpc(ManagedChannel channel) {
            Continued continued = new Continued();
            ChatServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .watchRun(
                            WatchRunRequest.newBuilder()
                                    .setRunId(run)
                                    .setAfter(cursor.isEmpty() ? "none" : cursor)
                                    .build())
                    .forEachRemaining(continued::event);
            return continued;
        }

        private Continued continueOverRest() throws IOException {
            Continued continued = new Continued();
            HttpResponse<Stream<String>> answer =
                    send(
                            request("/v1/runs/" + run + "/events")
                                    .header("Last-Event-ID", cursor.isEmpty() ? "none" : cursor)
                                    .GET());
            assertEquals(200, answer.statusCode());
            try (Stream<String> lines = answer.body()) {
                lines.filter(line -> line.startsWith("data: "))
                        .map(line -> line.substring("data: ".length()))
                        .forEach(continued::frame);
            }
            return continued;
        }

        private void assertNextWorks(int before) throws IOException {
            String body =
                    """
                    {"session_id":"%s","messages":[{"role":"user","content":"%s next"}]}
                    """
                            .formatted(session, name);
            HttpResponse<Stream<String>> answer =
                    send(request("/v1/chat/completions").POST(BodyPublishers.ofString(body)));
            try (Stream<String> lines = answer.body()) {
                String json = String.join("\n", lines.toList());
                assertEquals(200, answer.statusCode(), json);
                assertTrue(json.contains(WHOLE), json);
            }
            assertEquals(before + 2, history().size());
        }

        private List<String> history() throws IOException {
            List<String> history = new ArrayList<>();
            get("/v1/sessions/" + session + "/messages?limit=1000")
                    .path("data")
                    .forEach(
                            message ->
                                    history.add(
                                            message.path("role").asText()
                                                    + " "
                                                    + message.path("content").asText()));
            return history;
        }
    }

    /// What a client gets that comes back.
    private static final class Continued {
        private boolean told;
        private boolean gap;
        private String text = "";
        private String end = "";

        void event(RunEvent event) {
            if (!told) {
                told = true;
                assertTrue(event.hasResumed(), event::toString);
                gap = event.getResumed().getVerdict() == ResumeVerdict.RESUME_VERDICT_GAP;
                text = event.getResumed().getSnapshot().getContent();
            }
            text += event.getText().getText();
            switch (event.getEventCase()) {
                case INTERRUPTED -> end = "interrupted";
                case COMPLETED -> end = "completed";
                default -> assertEquals("", end, "more after the end");
            }
        }

        void frame(String json) {
            if (json.equals("[DONE]")) {
                end = "completed";
                return;
            }
            JsonNode frame = Chats.json(json);
            if (!told) {
                told = true;
                assertEquals("resume", frame.path("type").asText(), json);
                gap = frame.path("verdict").asText().equals("gap");
                text = frame.path("snapshot").path("content").asText("");
            }
            assertEquals("", end, "more after the end");
            text += frame.path("choices").path(0).path("delta").path("content").asText("");
            if (frame.has("error")) {
                end = frame.path("error").path("code").asText();
            }
        }
    }

    @Test
    void nothingIsLostButTheLastMoment() throws Exception {
        port = freePort();
        for (int kill = 0; kill < KILLS; kill++) {
            try (RecordedUpstream upstream = new RecordedUpstream(List.of())) {
                for (int number = 0; number < CLIENTS * 40; number++) {
                    upstream.answer(
                            Answer.stream(STREAM)
                                    .delivered(Delivery.paced(STREAM.length() / WORDS, PACE)));
                }
                killAndLookAfter(upstream);
            }
        }
        System.out.println(report());
    }

    private String report() {
        restartsMs.sort(null);
        lostMs.sort(null);
        return ("kill -9 under load: kills %d, runs %d, cut off %d, continued with a gap %d;"
                        + " lost of a text p50 %d ms, max %d ms; restart p50 %d ms, max %d ms")
                .formatted(
                        KILLS,
                        runs.get(),
                        cut.get(),
                        gaps.get(),
                        lostMs.isEmpty() ? 0 : lostMs.get(lostMs.size() / 2),
                        lostMs.isEmpty() ? 0 : lostMs.getLast(),
                        restartsMs.get(restartsMs.size() / 2),
                        restartsMs.getLast());
    }

    private Map<String, String> settings(RecordedUpstream upstream) {
        return Map.of(
                "anthropic.api-key",
                "sk-ant-test-key",
                "anthropic.base-url",
                upstream.uri().toString());
    }

    private void killAndLookAfter(RecordedUpstream upstream) throws Exception {
        killedAtNanos = 0;
        List<Client> clients = new ArrayList<>();
        try (Program program = Program.start(folder, port, settings(upstream))) {
            for (int number = 0; number < CLIENTS; number++) {
                clients.add(new Client("client " + number, session(), number % 2 == 0));
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> asking = new ArrayList<>();
                ManagedChannel channel = channel();
                clients.forEach(client -> asking.add(threads.submit(() -> client.ask(channel))));
                for (Client client : clients) {
                    assertTrue(client.speaks.await(60, TimeUnit.SECONDS), client.name);
                }
                Thread.sleep(random.nextInt(1_500));
                killedAtNanos = System.nanoTime();
                program.kill();
                for (Future<?> one : asking) {
                    one.get();
                }
                channel.shutdownNow();
            }
        }
        Map<String, Served> asked = new HashMap<>();
        for (Served served : upstream.served()) {
            JsonNode messages = Chats.json(served.body()).path("messages");
            asked.put(content(messages.path(messages.size() - 1)), served);
        }

        long began = System.nanoTime();
        try (Program program = Program.start(folder, port, settings(upstream))) {
            restartsMs.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            assertTrue(program.isAlive());
            for (String state : List.of("running", "queued")) {
                assertEquals(0, get("/v1/runs?state=" + state).path("data").size());
            }
            ManagedChannel channel = channel();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Client>> checking = new ArrayList<>();
                for (Client client : clients) {
                    checking.add(
                            threads.submit(
                                    () -> {
                                        client.check(channel, asked);
                                        return client;
                                    }));
                }
                for (Future<Client> one : checking) {
                    one.get();
                }
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static String content(JsonNode message) {
        JsonNode content = message.path("content");
        return content.isTextual() ? content.asText() : content.path(0).path("text").asText();
    }

    /// What the provider had sent of an answer.
    private static String sent(Served served) {
        int bytes = (int) Math.min(served.bytesSent() + STREAM.length() / WORDS, STREAM.length());
        int words = 0;
        String part = STREAM.substring(0, bytes);
        for (int at = part.indexOf("\"text\":\"word"); at >= 0; words++) {
            at = part.indexOf("\"text\":\"word", at + 1);
        }
        return text(words);
    }

    private String session() throws IOException {
        HttpResponse<Stream<String>> answer =
                send(
                        request("/v1/sessions")
                                .POST(
                                        BodyPublishers.ofString(
                                                "{\"model\":\"claude-sonnet-4-6\"}")));
        try (Stream<String> lines = answer.body()) {
            return Chats.json(String.join("\n", lines.toList())).path("id").asText();
        }
    }

    private JsonNode get(String path) throws IOException {
        HttpResponse<Stream<String>> answer = send(request(path).GET());
        try (Stream<String> lines = answer.body()) {
            return Chats.json(String.join("\n", lines.toList()));
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(60))
                .header("content-type", "application/json");
    }

    private HttpResponse<Stream<String>> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), BodyHandlers.ofLines());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException(stop);
        }
    }

    private ManagedChannel channel() {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
