package dev.tandem.edge.listener;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/// A socket that says exactly what a test wants it to say.
final class RawHttp1 implements AutoCloseable {

    private final Socket socket;

    RawHttp1(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    RawHttp1(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
    }

    RawHttp1 send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawHttp1 send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    RawHttp1 get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n");
    }

    RawHttp1 post(String path, String... headers) throws IOException {
        String head = "POST " + path + " HTTP/1.1\r\nHost: test\r\n";
        return send(head + String.join("\r\n", headers) + "\r\n\r\n");
    }

    /// Reads until the answer contains `end`, and returns all of it.
    String readUntil(String end) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        while (!answer.toString(StandardCharsets.ISO_8859_1).contains(end)) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended after: " + answer);
            }
            answer.write(next);
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }

    /// Reads until the server closes, and returns what it said.
    String readToEnd() throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(answer);
        } catch (SocketException e) {
            answer.writeBytes("<reset>".getBytes(StandardCharsets.ISO_8859_1));
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }

    /// Closes our side only.
    void finish() throws IOException {
        socket.shutdownOutput();
    }

    /// Closes with RST instead of FIN.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /// Closes as an application that ends does: with FIN.
    void leave() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        leave();
    }
}
