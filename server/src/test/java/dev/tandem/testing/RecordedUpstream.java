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
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// A provider's HTTP server that answers from a script: recorded answers, one after the other, at
/// the pace and with the faults that a test wants. It tells what it was asked and when its client
/// hung up, which is how a cancel is measured. It knows nothing of JUnit.
///
/// ```java
/// try (RecordedUpstream upstream = RecordedUpstream.replaying(recording)) {
///     ... a provider aimed at upstream.uri() ...
///     Served first = upstream.awaitRequest();
///     first.awaitClose(Duration.ofSeconds(1));
/// }
/// ```
///
/// It listens on a port of its own on the loopback address, speaks HTTP/1.1 with keep-alive and
/// chunked answers, and answers 500 once its script is at its end.
public final class RecordedUpstream implements AutoCloseable {
    private final ServerSocket listener;
    private final Queue<Answer> script = new ArrayDeque<>();
    private final Function<Served, Answer> chooser;
    private final List<Served> served = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Served> arrived = new LinkedBlockingQueue<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /// One scripted answer.
    ///
    /// @param body sent as it is
    public record Answer(int status, Map<String, String> headers, String body, Delivery delivery) {
        public Answer {
            headers = Map.copyOf(headers);
        }

        /// A stream of events.
        public static Answer stream(String body) {
            return new Answer(
                    200, Map.of("content-type", "text/event-stream"), body, Delivery.AT_ONCE);
        }

        /// What was recorded; a whole message of Anthropic's becomes the stream that would have
        /// brought it.
        public static Answer of(Recording.Recorded recorded) {
            boolean whole = recorded.status() == 200 && recorded.isChat() && !recorded.isStream();
            return whole
                    ? stream(Unfolded.message(recorded.body()))
                    : new Answer(
                            recorded.status(),
                            recorded.headers(),
                            recorded.body(),
                            Delivery.AT_ONCE);
        }

        public Answer delivered(Delivery how) {
            return new Answer(status, headers, body, how);
        }
    }

    /// How an answer is sent.
    ///
    /// @param pieceBytes the size of the pieces
    /// @param pause between two pieces
    /// @param stopAfterBytes where it stops: -1 before the headers, 0 after them, [#ALL] never
    /// @param stop what happens there
    public record Delivery(int pieceBytes, Duration pause, int stopAfterBytes, Stop stop) {
        public static final int BEFORE_HEADERS = -1;
        public static final int ALL = Integer.MAX_VALUE;
        public static final Delivery AT_ONCE =
                new Delivery(64 * 1024, Duration.ZERO, ALL, Stop.END);

        /// In pieces, with a pause between them.
        public static Delivery paced(int pieceBytes, Duration pause) {
            return new Delivery(pieceBytes, pause, ALL, Stop.END);
        }

        /// Sends nothing more after so many bytes of the body, and waits for the client to hang up.
        public static Delivery stallingAfter(int bytes) {
            return new Delivery(64 * 1024, Duration.ZERO, bytes, Stop.STALL);
        }

        /// Cuts the connection after so many bytes of the body.
        public static Delivery cutAfter(int bytes) {
            return new Delivery(64 * 1024, Duration.ZERO, bytes, Stop.CUT);
        }
    }

    /// What happens where an answer stops.
    public enum Stop {
        /// It is complete.
        END,
        /// Nothing, until the client hangs up.
        STALL,
        /// The connection breaks.
        CUT
    }

    public RecordedUpstream(List<Answer> answers) {
        this.script.addAll(answers);
        this.chooser = _ -> nextAnswer();
        this.listener = listening();
        Thread.ofVirtual().name("upstream-accept").start(this::accept);
    }

    private RecordedUpstream(Function<Served, Answer> chooser) {
        this.chooser = chooser;
        this.listener = listening();
        Thread.ofVirtual().name("upstream-accept").start(this::accept);
    }

    /// Answers each request by what it asks; without end, and in any order.
    public static RecordedUpstream choosing(Function<Served, Answer> chooser) {
        return new RecordedUpstream(chooser);
    }

    private static ServerSocket listening() {
        try {
            return new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// Answers with every exchange of a recording, in order.
    public static RecordedUpstream replaying(Recording recording) {
        return new RecordedUpstream(recording.exchanges().stream().map(Answer::of).toList());
    }

    /// Where it listens, without a path.
    public URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /// Adds an answer to the end of the script.
    public void answer(Answer answer) {
        synchronized (script) {
            script.add(answer);
        }
    }

    /// What it was asked so far.
    public List<Served> served() {
        return List.copyOf(served);
    }

    /// Blocks until the next request has arrived in full.
    public Served awaitRequest() throws InterruptedException {
        Served next = arrived.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new IllegalStateException("no request came within 10 s");
        }
        return next;
    }

    /// How many connections are open.
    public int connections() {
        return sockets.size();
    }

    /// Blocks until no connection is open: nothing was left behind. Connections of answers that
    /// were read to the end stay open for the client's next request.
    public void awaitNoConnections(Duration most) throws InterruptedException {
        long endNanos = System.nanoTime() + most.toNanos();
        synchronized (sockets) {
            while (!sockets.isEmpty()) {
                long restMillis = (endNanos - System.nanoTime()) / 1_000_000;
                if (restMillis <= 0) {
                    throw new IllegalStateException(
                            sockets.size() + " connections are open after " + most);
                }
                sockets.wait(restMillis);
            }
        }
    }

    @Override
    public void close() {
        closeQuietly(listener);
        sockets.forEach(RecordedUpstream::closeQuietly);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofVirtual().name("upstream-connection").start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    /// Serves one request after the other. Whoever reads the socket notices that the client hung
    /// up, so answers are written by another thread.
    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            PushbackInputStream in = new PushbackInputStream(socket.getInputStream());
            int first = in.read();
            while (first >= 0) {
                in.unread(first);
                Served request = HttpWire.read(in);
                Answer answer = chooser.apply(request);
                served.add(request);
                arrived.add(request);
                OutputStream out = socket.getOutputStream();
                Thread.ofVirtual().start(() -> write(answer, request, out, socket));
                try {
                    first = in.read();
                } catch (IOException reset) {
                    first = -1;
                }
                if (first < 0) {
                    request.clientClosed();
                }
            }
        } catch (IOException gone) {
            // the client is gone, or the test is over
        } finally {
            synchronized (sockets) {
                sockets.remove(socket);
                sockets.notifyAll();
            }
        }
    }

    private Answer nextAnswer() {
        synchronized (script) {
            Answer answer = script.poll();
            return answer == null
                    ? new Answer(500, Map.of(), "the script is at its end", Delivery.AT_ONCE)
                    : answer;
        }
    }

    private static void write(Answer answer, Served request, OutputStream out, Socket socket) {
        Delivery delivery = answer.delivery();
        try {
            if (delivery.stopAfterBytes() >= 0) {
                out.write(HttpWire.head(answer));
                out.flush();
                byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
                int size = Math.min(body.length, delivery.stopAfterBytes());
                for (int at = 0; at < size; at += delivery.pieceBytes()) {
                    int length = Math.min(delivery.pieceBytes(), size - at);
                    HttpWire.chunk(out, body, at, length);
                    request.sent(length);
                    TimeUnit.NANOSECONDS.sleep(delivery.pause().toNanos());
                }
            }
            switch (delivery.stop()) {
                case END -> {
                    HttpWire.end(out);
                }
                case STALL -> {
                    // the reader of the socket waits for the client
                }
                case CUT -> socket.close();
            }
            request.written();
        } catch (IOException | InterruptedException gone) {
            request.written();
        }
    }

    private static void closeQuietly(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception gone) {
            // closed is closed
        }
    }
}
