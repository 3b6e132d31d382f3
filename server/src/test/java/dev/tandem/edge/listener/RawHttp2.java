package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.fail;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// A small HTTP/2 client that writes any frame, and keeps all that come back. It compresses no
/// header, and reads none but `:status`.
final class RawHttp2 implements AutoCloseable {

    private static final int DEFAULT_WINDOW = 65_535;

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;
    private final List<Frame> frames = new ArrayList<>();
    private boolean ended;
    private boolean givesWindow = true;
    private boolean answersPings = true;
    private boolean reads = true;
    private long dataBytes;

    RawHttp2(int port) throws IOException {
        this(port, DEFAULT_WINDOW);
    }

    /// @param window bytes each stream may send before it needs more
    RawHttp2(int port, int window) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port), window);
    }

    RawHttp2(Socket socket) throws IOException {
        this(socket, DEFAULT_WINDOW);
    }

    private RawHttp2(Socket socket, int window) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        ByteBuffer settings = ByteBuffer.allocate(6).putShort((short) 4).putInt(window);
        send(Frame.SETTINGS, 0, 0, settings.array());
        Thread.ofVirtual().start(this::receive);
    }

    /// A client with a large window for the connection, too, and a limit for lists of headers.
    static RawHttp2 like(int port, int window, int headerListMax) throws IOException {
        RawHttp2 client = new RawHttp2(port, window);
        ByteBuffer more = ByteBuffer.allocate(6).putShort((short) 6).putInt(headerListMax);
        return client.send(Frame.SETTINGS, 0, 0, more.array()).window(0, window);
    }

    /// Leaves the server's windows as they are from now on, as a client that does not read.
    synchronized RawHttp2 givesNoWindow() {
        givesWindow = false;
        return this;
    }

    /// Leaves unread what the server sends from now on, but for one more frame.
    synchronized RawHttp2 stopsReading() {
        reads = false;
        return this;
    }

    synchronized RawHttp2 readsOn() {
        reads = true;
        notifyAll();
        return this;
    }

    private synchronized void awaitReading() throws InterruptedException {
        while (!reads) {
            wait();
        }
    }

    synchronized RawHttp2 answersNoPings() {
        answersPings = false;
        return this;
    }

    private void receive() {
        try {
            while (true) {
                accept(read());
                awaitReading();
            }
        } catch (IOException | InterruptedException e) {
            synchronized (this) {
                ended = true;
                notifyAll();
            }
        }
    }

    private Frame read() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt() & Integer.MAX_VALUE;
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("within a frame");
        }
        return new Frame(type, flags, stream, ByteString.copyFrom(payload), System.nanoTime());
    }

    private synchronized void accept(Frame frame) {
        try {
            reply(frame);
        } catch (IOException e) {
            // the server has closed, and there may still be something to read
        }
        frames.add(frame);
        notifyAll();
    }

    private void reply(Frame frame) throws IOException {
        int length = frame.payload().size();
        switch (frame.type()) {
            case Frame.SETTINGS -> acknowledge(frame);
            case Frame.PING -> {
                if (answersPings) {
                    acknowledge(frame);
                }
            }
            case Frame.DATA -> {
                dataBytes += length;
                if (givesWindow && length > 0) {
                    window(0, length).window(frame.stream(), length);
                }
            }
            default -> {}
        }
    }

    private void acknowledge(Frame frame) throws IOException {
        if (!frame.isAck()) {
            byte[] payload =
                    frame.type() == Frame.PING ? frame.payload().toByteArray() : new byte[0];
            send(frame.type(), Frame.ACK, 0, payload);
        }
    }

    /// Adds a frame without sending it yet.
    synchronized void put(int type, int flags, int stream, byte[] payload) throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
    }

    synchronized RawHttp2 send(int type, int flags, int stream, byte[] payload) throws IOException {
        put(type, flags, stream, payload);
        out.flush();
        return this;
    }

    /// Sends bytes that need not be a frame.
    synchronized RawHttp2 sendRaw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    synchronized void flush() throws IOException {
        out.flush();
    }

    RawHttp2 get(int stream, String path) throws IOException {
        int flags = Frame.END_HEADERS | Frame.END_STREAM;
        return send(Frame.HEADERS, flags, stream, request("GET", path));
    }

    RawHttp2 post(int stream, String path, String... headers) throws IOException {
        return send(Frame.HEADERS, Frame.END_HEADERS, stream, request("POST", path, headers));
    }

    RawHttp2 grpc(int stream, String method, String... headers) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(request("POST", "/probe.v1.Probe/" + method, headers));
        block.writeBytes(headers("content-type", "application/grpc", "te", "trailers"));
        return send(Frame.HEADERS, Frame.END_HEADERS, stream, block.toByteArray());
    }

    RawHttp2 message(int stream, MessageLite message, boolean last) throws IOException {
        return data(stream, framed(message), last);
    }

    static byte[] framed(MessageLite message) {
        byte[] bytes = message.toByteArray();
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) 0)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    RawHttp2 data(int stream, byte[] bytes, boolean last) throws IOException {
        return send(Frame.DATA, last ? Frame.END_STREAM : 0, stream, bytes);
    }

    RawHttp2 reset(int stream, int code) throws IOException {
        return send(Frame.RST_STREAM, 0, stream, number(code));
    }

    RawHttp2 window(int stream, int bytes) throws IOException {
        return send(Frame.WINDOW_UPDATE, 0, stream, number(bytes));
    }

    RawHttp2 ping() throws IOException {
        return send(Frame.PING, 0, 0, new byte[8]);
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    static byte[] request(String method, String path, String... more) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(
                headers(":method", method, ":scheme", "http", ":path", path, ":authority", "test"));
        block.writeBytes(headers(more));
        return block.toByteArray();
    }

    /// Names and values in turn, each as a literal; the names HTTP/2 itself needs by their number.
    static byte[] headers(String... namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int index = 0; index < namesAndValues.length; index += 2) {
            name(block, namesAndValues[index]);
            literal(block, namesAndValues[index + 1]);
        }
        return block.toByteArray();
    }

    private static void name(ByteArrayOutputStream block, String name) {
        switch (name) {
            case ":authority" -> block.write(1);
            case ":method" -> block.write(2);
            case ":path" -> block.write(4);
            case ":scheme" -> block.write(6);
            default -> {
                block.write(0);
                literal(block, name);
            }
        }
    }

    private static void literal(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int rest = bytes.length;
        if (rest < 127) {
            block.write(rest);
        } else {
            block.write(127);
            for (rest -= 127; rest >= 128; rest /= 128) {
                block.write(rest % 128 + 128);
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    /// Waits for the first frame that fits.
    Frame await(int type, int stream) throws InterruptedException {
        return await(frame -> frame.is(type, stream));
    }

    Frame awaitEndOf(int stream) throws InterruptedException {
        return await(
                frame ->
                        frame.stream() == stream
                                && (frame.endsStream() || frame.type() == Frame.RST_STREAM));
    }

    synchronized Frame await(Predicate<Frame> wanted) throws InterruptedException {
        return await(() -> find(wanted));
    }

    /// Waits until just so many frames fit.
    synchronized void await(Predicate<Frame> wanted, long times) throws InterruptedException {
        boolean _ = await(() -> Optional.of(true).filter(_ -> count(wanted) == times));
    }

    private <T> T await(Supplier<Optional<T>> look) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        Optional<T> found = look.get();
        while (found.isEmpty()) {
            long leftMs = (end - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0 || ended) {
                return fail("frame did not come, but " + describe());
            }
            wait(leftMs);
            found = look.get();
        }
        return found.get();
    }

    synchronized Optional<Frame> find(Predicate<Frame> wanted) {
        return frames.stream().filter(wanted).findFirst();
    }

    synchronized long count(Predicate<Frame> wanted) {
        return frames.stream().filter(wanted).count();
    }

    /// Waits until the server closes the connection.
    synchronized void awaitEnd(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!ended) {
            long leftMs = (end - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                fail("still open after " + limit + ": " + describe());
            }
            wait(leftMs);
        }
    }

    /// Bytes the server allowed a stream, or with 0 the connection, beyond the first window.
    synchronized long windowGiven(int stream) {
        return frames.stream()
                .filter(frame -> frame.is(Frame.WINDOW_UPDATE, stream))
                .mapToLong(Frame::number)
                .sum();
    }

    /// Drops the frames so far.
    synchronized void forget() {
        frames.clear();
    }

    synchronized boolean isOpen() {
        return !ended;
    }

    synchronized long dataBytes() {
        return dataBytes;
    }

    /// The gRPC messages of a stream so far, however they were cut into frames.
    synchronized int messages(int stream) {
        ByteString all =
                frames.stream()
                        .filter(frame -> frame.is(Frame.DATA, stream))
                        .map(Frame::payload)
                        .reduce(ByteString.EMPTY, ByteString::concat);
        ByteBuffer bytes = all.asReadOnlyByteBuffer();
        int count = 0;
        while (bytes.remaining() >= 5) {
            int length = bytes.position(bytes.position() + 1).getInt();
            bytes.position(bytes.position() + length);
            count++;
        }
        return count;
    }

    /// The body of a stream so far.
    synchronized String body(int stream) {
        StringBuilder body = new StringBuilder();
        frames.stream()
                .filter(frame -> frame.is(Frame.DATA, stream))
                .forEach(frame -> body.append(frame.text()));
        return body.toString();
    }

    synchronized String describe() {
        String shown = frames.size() > 40 ? frames.subList(0, 40) + "…" : frames.toString();
        return shown + (ended ? " and the end" : "");
    }

    /// Closes the connection as an application that ends does: with FIN.
    void leave() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        leave();
    }
}
