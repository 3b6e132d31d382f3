package dev.tandem.clients.phone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// A network between a client and a server that cuts connections after so many bytes of the answer.
/// It knows no protocol, so it cuts anywhere: in a head, in a frame, in a letter.
final class CuttingProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 8 * 1024;

    private final ServerSocket listener;
    private final Supplier<Cut> cuts;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong made = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile int serverPort;

    /// What becomes of one connection.
    ///
    /// @param afterBytes of the answer that are handed on
    record Cut(long afterBytes, How how) {
        static final Cut NEVER = new Cut(Long.MAX_VALUE, How.CLOSE);
    }

    /// How a connection ends for the client.
    enum How {
        /// It is closed in order.
        CLOSE,
        /// It is reset.
        RESET,
        /// Nothing comes any more, and nothing says so.
        SILENCE
    }

    /// @param cuts asked once for each connection
    CuttingProxy(int serverPort, Supplier<Cut> cuts) {
        this.serverPort = serverPort;
        this.cuts = cuts;
        try {
            listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        Thread.ofVirtual().name("proxy-accept").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /// Leads connections that are made from now on to another server.
    void leadTo(int port) {
        serverPort = port;
    }

    /// How many connections were cut in the middle of an answer.
    long made() {
        return made.get();
    }

    /// Bytes of answers that were handed on.
    long bytes() {
        return bytes.get();
    }

    /// Cuts all connections there are.
    void cutAll() {
        sockets.forEach(CuttingProxy::close);
    }

    @Override
    public void close() {
        close(listener);
        cutAll();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> lead(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void lead(Socket client) {
        sockets.add(client);
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            sockets.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> question(client, server));
            answer(server, client, cuts.get());
            sockets.remove(server);
        } catch (IOException gone) {
            // one of the two is gone: so is the other
        } finally {
            sockets.remove(client);
        }
    }

    private static void question(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            OutputStream out = to.getOutputStream();
            InputStream in = from.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        } catch (IOException gone) {
            // told by closing
        }
        close(to);
    }

    private void answer(Socket from, Socket to, Cut cut) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        long left = cut.afterBytes();
        while (true) {
            int count = in.read(buffer);
            if (count < 0) {
                return;
            }
            int allowed = (int) Math.min(count, left);
            out.write(buffer, 0, allowed);
            bytes.addAndGet(allowed);
            left -= allowed;
            if (left == 0) {
                made.incrementAndGet();
                end(from, to, cut.how());
                return;
            }
        }
    }

    private static void end(Socket from, Socket to, How how) throws IOException {
        switch (how) {
            case CLOSE -> {}
            case RESET -> to.setSoLinger(true, 0);
            case SILENCE -> {
                from.close();
                while (to.getInputStream().read() >= 0) {
                    // until the client gives up
                }
            }
        }
    }

    private static void close(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception gone) {
            // closed is closed
        }
    }
}
