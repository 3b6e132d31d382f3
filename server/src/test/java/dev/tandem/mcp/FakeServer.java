package dev.tandem.mcp;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// An MCP server in memory: answers as it was taught, each question on a thread of its own, and
/// says by itself whatever a test wants. What it was not taught it does not know.
final class FakeServer implements McpTransport {
    private static final long SOON_SECONDS = 10;

    /// What was sent, without questions' answers that nobody looks for.
    final BlockingQueue<Outgoing> sent = new LinkedBlockingQueue<>();

    final List<String> agreed = new CopyOnWriteArrayList<>();
    final List<Long> forgotten = new CopyOnWriteArrayList<>();
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
    private final AtomicLong numbers = new AtomicLong(1000);
    private volatile Optional<Receiver> receiver = Optional.empty();
    private volatile boolean reopens;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger opened = new AtomicInteger();

    /// Answers a question with MCP's result as JSON text.
    interface Reply {
        String to(JsonNode params, long id) throws Exception;
    }

    /// An answer that is an error.
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final String errorJson;

        Refusal(int code, String message, String dataJson) {
            this("{\"code\":%d,\"message\":\"%s\",\"data\":%s}".formatted(code, message, dataJson));
        }

        Refusal(String errorJson) {
            super(errorJson);
            this.errorJson = errorJson;
        }
    }

    /// An answer that never comes.
    static final class Silence extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /// One that is greeted, and has everything.
    static FakeServer greeted(String version) {
        return new FakeServer()
                .on(
                        "initialize",
                        """
                        {"protocolVersion":"%s","serverInfo":{"name":"fake","version":"1.2"},
                         "instructions":"Be kind.",
                         "capabilities":{"tools":{"listChanged":true},"resources":{},"prompts":{},
                                         "logging":{},"completions":{}}}
                        """
                                .formatted(version));
    }

    /// One that remembers nothing, and has everything.
    static FakeServer stateless() {
        return new FakeServer()
                .on(
                        "server/discover",
                        """
                        {"resultType":"complete","supportedVersions":["2026-07-28"],
                         "capabilities":{"tools":{"listChanged":true},"prompts":{},
                                         "resources":{"listChanged":true}},
                         "_meta":{"io.modelcontextprotocol/serverInfo":
                                  {"name":"modern","version":"3"}},
                         "instructions":"Ask away.","ttlMs":0,"cacheScope":"public"}
                        """)
                .on(
                        "subscriptions/listen",
                        (_, _) -> {
                            throw new Silence();
                        });
    }

    FakeServer on(String method, String resultJson) {
        return on(method, (_, _) -> resultJson);
    }

    FakeServer on(String method, Reply reply) {
        replies.put(method, reply);
        return this;
    }

    /// Lets it be started again.
    FakeServer reopening() {
        reopens = true;
        return this;
    }

    McpConnection connect() throws InterruptedException {
        return connect(McpHost.NONE);
    }

    McpConnection connect(McpHost host) throws InterruptedException {
        return McpConnection.open(this, host, "9", McpSettings.DEFAULTS);
    }

    @Override
    public void open(Receiver to) {
        receiver = Optional.of(to);
        opened.incrementAndGet();
    }

    int opened() {
        return opened.get();
    }

    boolean closed() {
        return closed.getCount() == 0;
    }

    void awaitClosed() throws InterruptedException {
        assertTrue(closed.await(SOON_SECONDS, TimeUnit.SECONDS), "it is not closed");
    }

    @Override
    public boolean reopens() {
        return reopens;
    }

    @Override
    public void agreed(String protocol) {
        agreed.add(protocol);
    }

    @Override
    public void forget(long id) {
        forgotten.add(id);
    }

    @Override
    public void send(Outgoing message) throws IOException {
        if (closed()) {
            throw new IOException("closed");
        }
        sent.add(message);
        JsonNode json = json(message.json());
        if (message.method().isEmpty()) {
            answers.add(json);
        } else if (message.id().isPresent()) {
            Thread.ofVirtual().start(() -> answer(json));
        }
    }

    private void answer(JsonNode question) {
        ObjectNode answer = RpcMessages.object().put("jsonrpc", "2.0");
        answer.set("id", question.get("id"));
        String method = question.path("method").asText();
        Reply reply =
                replies.getOrDefault(
                        method,
                        (_, _) -> {
                            throw new Refusal(-32601, "Method not found", "null");
                        });
        try {
            String result = reply.to(question.path("params"), question.get("id").asLong());
            answer.set("result", json(result));
        } catch (Refusal refusal) {
            answer.set("error", json(refusal.errorJson));
        } catch (Silence _) {
            return;
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
        say(answer.toString());
    }

    void say(String message) {
        receiver.orElseThrow().received(message);
    }

    void notice(String method, String paramsJson) {
        say("{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":%s}".formatted(method, paramsJson));
    }

    /// Asks something, and does not wait.
    ///
    /// @return the question's number
    long ask(String method, String paramsJson, OptionalLong inAnswerTo) {
        long id = numbers.incrementAndGet();
        String message =
                "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":%s}"
                        .formatted(id, method, paramsJson);
        receiver.orElseThrow().received(message, inAnswerTo);
        return id;
    }

    /// Asks something and waits for the answer.
    ///
    /// @return the whole message
    JsonNode asked(String method, String paramsJson) throws InterruptedException {
        long _ = ask(method, paramsJson, OptionalLong.empty());
        return answer();
    }

    /// The next answer to what it has asked.
    JsonNode answer() throws InterruptedException {
        JsonNode answer = answers.poll(SOON_SECONDS, TimeUnit.SECONDS);
        assertNotNull(answer, "nobody answers the server");
        return answer;
    }

    boolean unanswered() {
        return answers.isEmpty();
    }

    /// The next message of a method; skips others.
    JsonNode sent(String method) throws InterruptedException {
        while (true) {
            Outgoing message = sent.poll(SOON_SECONDS, TimeUnit.SECONDS);
            assertNotNull(message, method + " was not sent");
            if (message.method().equals(Optional.of(method))) {
                return json(message.json()).path("params");
            }
        }
    }

    /// The methods of what was sent until now, in order.
    List<String> methods() {
        return sent.stream().flatMap(message -> message.method().stream()).toList();
    }

    void lose(long id, String why) {
        receiver.orElseThrow().lost(id, why);
    }

    void die(String why) {
        receiver.orElseThrow().ended(why);
    }

    @Override
    public void close() {
        closed.countDown();
    }

    static JsonNode json(String text) {
        try {
            return RpcMessages.JSON.readTree(text);
        } catch (IOException broken) {
            throw new AssertionError(text, broken);
        }
    }
}
