package dev.tandem.edge.socket;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A client that sends exactly the frames a test wants, and answers nothing by itself.
final class RawSocket implements AutoCloseable {
    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xa;
    static final int LAST = 0x80;

    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    private final Socket socket;

    /// A frame of the server. Nobody compares frames.
    @SuppressWarnings("ArrayRecordComponent")
    record Frame(int opcode, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /// Such as `1002 why`.
        String closing() {
            ByteBuffer rest = ByteBuffer.wrap(payload);
            return (rest.getShort() & 0xffff) + " " + StandardCharsets.UTF_8.decode(rest);
        }
    }

    private RawSocket(Socket socket) {
        this.socket = socket;
    }

    /// Sends a request and returns all of the answer's head.
    static String ask(int port, String request) throws IOException {
        try (RawSocket raw = connect(port)) {
            raw.send(request.getBytes(StandardCharsets.UTF_8));
            raw.socket.shutdownOutput();
            return new String(raw.socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// A head that asks for a WebSocket.
    static String head(int port, String... more) {
        StringBuilder head = new StringBuilder("GET /v1/ws HTTP/1.1\r\n");
        head.append("Host: localhost:").append(port).append("\r\n");
        head.append("Upgrade: websocket\r\nConnection: Upgrade\r\n");
        for (String line : more) {
            head.append(line).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    /// Connects and shakes hands.
    static RawSocket open(int port) throws IOException {
        RawSocket raw = connect(port);
        raw.send(
                head(
                                port,
                                "Sec-WebSocket-Version: 13",
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
                        .getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
            head.write(raw.octet());
        }
        String answer = head.toString(StandardCharsets.UTF_8);
        if (!answer.startsWith("HTTP/1.1 101 ")
                || !answer.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")) {
            throw new AssertionError(answer);
        }
        return raw;
    }

    private static RawSocket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 << 10);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        return new RawSocket(socket);
    }

    RawSocket text(String json) throws IOException {
        return frame(LAST | TEXT, json.getBytes(StandardCharsets.UTF_8));
    }

    /// Sends a whole, masked frame.
    ///
    /// @param first its first byte
    RawSocket frame(int first, byte[] payload) throws IOException {
        head(first, payload.length);
        byte[] masked = payload.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= MASK[i % 4];
        }
        return send(masked);
    }

    /// Sends the head of a masked frame, and its mask.
    RawSocket head(int first, long length) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write(first);
        if (length >= 0 && length < 126) {
            head.write(0x80 | (int) length);
        } else if (length >= 0 && length < 1 << 16) {
            head.write(0x80 | 126);
            head.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
        } else {
            head.write(0x80 | 127);
            head.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
        }
        head.writeBytes(MASK);
        return send(head.toByteArray());
    }

    RawSocket send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /// The server's next frame.
    Frame next() throws IOException {
        int first = octet();
        int second = octet();
        if ((first & 0xf0) != LAST || second > 127) {
            throw new AssertionError("a server's frame is whole and not masked");
        }
        long length =
                switch (second) {
                    case 126 -> ByteBuffer.wrap(read(2)).getShort() & 0xffff;
                    case 127 -> ByteBuffer.wrap(read(8)).getLong();
                    default -> second;
                };
        return new Frame(first & 0xf, read((int) length));
    }

    /// The next frame of a kind, passing over others.
    Frame next(int opcode) throws IOException {
        Frame frame = next();
        while (frame.opcode() != opcode) {
            frame = next();
        }
        return frame;
    }

    /// Reads until the server closes the connection.
    void awaitEnd() throws IOException {
        try {
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                // not what is waited for
            }
        } catch (SocketException reset) {
            // an end as well
        }
    }

    /// Closes our side only.
    void finish() throws IOException {
        socket.shutdownOutput();
    }

    /// Closes with RST.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private int octet() throws IOException {
        int octet = socket.getInputStream().read();
        if (octet < 0) {
            throw new EOFException("the server closed");
        }
        return octet;
    }

    private byte[] read(int length) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the server closed");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
