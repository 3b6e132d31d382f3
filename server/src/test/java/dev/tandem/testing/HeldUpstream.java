package dev.tandem.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Anthropic's server as far as a test of timing needs it: every answer is `one two`, and each
/// waits after its first word until the test lets it go on. So a test looks at a run in its middle
/// for as long as it likes, and no clock is involved.
public final class HeldUpstream implements AutoCloseable {
    /// What every answer says in the end.
    public static final String WHOLE = "one two";

    private static final String START =
            event(
                            "message_start",
                            """
                            {"type":"message_start","message":{"id":"msg_1","type":"message",\
                            "role":"assistant","model":"claude-sonnet-4-6","content":[],\
                            "stop_reason":null,"usage":{"input_tokens":5,"output_tokens":1}}}""")
                    + event(
                            "content_block_start",
                            """
                            {"type":"content_block_start","index":0,\
                            "content_block":{"type":"text","text":""}}""")
                    + word("one");
    private static final String REST =
            word(" two")
                    + event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}")
                    + event(
                            "message_delta",
                            """
                            {"type":"message_delta","delta":{"stop_reason":"end_turn"},\
                            "usage":{"output_tokens":2}}""")
                    + event("message_stop", "{\"type\":\"message_stop\"}");

    private final ServerSocket listener;
    private final List<Held> asked = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Held> arrived = new LinkedBlockingQueue<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /// One answer, held after its first word.
    public static final class Held {
        private final Served served;
        private final CountDownLatch released = new CountDownLatch(1);
        private final boolean breaks;

        private Held(Served served, boolean breaks) {
            this.served = served;
            this.breaks = breaks;
        }

        /// What was asked, as JSON.
        public String question() {
            return served.body();
        }

        /// Lets it say the rest.
        public void release() {
            released.countDown();
        }

        /// Blocks until the client has closed the connection.
        public void awaitClose() throws InterruptedException {
            served.awaitClose(Duration.ofSeconds(10));
        }

        /// Blocks until all of it is written.
        public void awaitWritten() throws InterruptedException {
            served.awaitWritten();
        }
    }

    public HeldUpstream() {
        try {
            listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        Thread.ofVirtual().name("held-accept").start(this::accept);
    }

    private static String event(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }

    private static String word(String text) {
        return event(
                "content_block_delta",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
                        + "\"text\":\""
                        + text
                        + "\"}}");
    }

    /// Where it listens, without a path.
    public URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /// How often it was asked.
    public int asked() {
        return asked.size();
    }

    /// Blocks until it is asked again.
    public Held await() throws InterruptedException {
        Held next = arrived.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new IllegalStateException("no request came within 10 s");
        }
        return next;
    }

    @Override
    public void close() {
        closeQuietly(listener);
        sockets.forEach(HeldUpstream::closeQuietly);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofVirtual().name("held-connection").start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            PushbackInputStream in = new PushbackInputStream(socket.getInputStream());
            int first = in.read();
            while (first >= 0) {
                in.unread(first);
                Served served = HttpWire.read(in);
                Held held = new Held(served, served.body().contains("break off"));
                asked.add(held);
                OutputStream out = socket.getOutputStream();
                Thread.ofVirtual().start(() -> write(held, served, out, socket));
                arrived.add(held);
                try {
                    first = in.read();
                } catch (IOException reset) {
                    first = -1;
                }
                if (first < 0) {
                    served.clientClosed();
                }
            }
        } catch (IOException gone) {
            // the client is gone, or the test is over
        } finally {
            sockets.remove(socket);
        }
    }

    private static void write(Held held, Served served, OutputStream out, Socket socket) {
        try {
            if (served.body().contains("refuse this")) {
                byte[] refusal =
                        "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"no\"}}"
                                .getBytes(StandardCharsets.US_ASCII);
                out.write(
                        HttpWire.head(
                                new RecordedUpstream.Answer(
                                        400,
                                        Map.of("content-type", "application/json"),
                                        "",
                                        RecordedUpstream.Delivery.AT_ONCE)));
                HttpWire.chunk(out, refusal, 0, refusal.length);
                HttpWire.end(out);
                served.written();
                return;
            }
            out.write(HttpWire.head(RecordedUpstream.Answer.stream("")));
            write(out, START);
            held.released.await();
            if (held.breaks) {
                socket.close();
            } else {
                write(out, REST);
                HttpWire.end(out);
            }
        } catch (IOException | InterruptedException gone) {
            // the server hung up, which the reader of the socket notes
        }
        served.written();
    }

    private static void write(OutputStream out, String events) throws IOException {
        byte[] bytes = events.getBytes(StandardCharsets.UTF_8);
        HttpWire.chunk(out, bytes, 0, bytes.length);
    }

    private static void closeQuietly(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception gone) {
            // closed is closed
        }
    }
}
