package dev.tandem.edge.listener;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.webserver.ConnectionContext;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// TLS between a socket and its session. One thread reads and another writes at the same time;
/// neither holds a lock while it waits for the client to say something, and none is needed to close
/// the socket below, so that a time-out always gets through.
final class TlsConnection implements DataWriter {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int HEADER_BYTES = 5;
    private static final int RECORDS_AT_ONCE = 4;
    private static final int RECORD_PLAIN_BYTES = 16 << 10;

    private final ConnectionContext socket;
    private final SSLEngine engine;
    private final ReentrantLock writing = new ReentrantLock();
    private ByteBuffer received = NOTHING;
    private boolean agreed;

    private TlsConnection(ConnectionContext socket, SSLEngine engine) {
        this.socket = socket;
        this.engine = engine;
    }

    /// Agrees with the client on keys and a protocol.
    ///
    /// @return the connection as its session sees it, with the client's words in plain
    /// @throws SSLException if they do not agree, and the client was told why
    static ConnectionContext secure(ConnectionContext socket, SSLEngine engine)
            throws SSLException {
        TlsConnection tls = new TlsConnection(socket, engine);
        tls.handshake();
        return new InnerContext(socket, DataReader.create(tls::read), tls, socket.router(), true);
    }

    private void handshake() throws SSLException {
        try {
            engine.beginHandshake();
            while (step(engine.getHandshakeStatus())) {
                // until both sides have said all
            }
            agreed = true;
        } catch (SSLException e) {
            close();
            throw e;
        } catch (UncheckedIOException e) {
            throw new SSLException("the client left within the handshake", e);
        }
    }

    private boolean step(HandshakeStatus status) throws SSLException {
        switch (status) {
            case NEED_TASK -> runTasks();
            case NEED_WRAP -> write(NOTHING);
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                if (unwrap(NOTHING).getStatus() == Status.CLOSED) {
                    throw new SSLException("the client closed within the handshake");
                }
            }
            case NOT_HANDSHAKING, FINISHED -> {
                return false;
            }
        }
        return true;
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask();
                task != null;
                task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /// What the client says next, or `null` when it has nothing more to say.
    private byte @Nullable [] read() {
        try {
            while (true) {
                ByteBuffer plain = ByteBuffer.allocate(recordBytes());
                SSLEngineResult result = unwrap(plain);
                if (plain.position() > 0) {
                    byte[] bytes = new byte[plain.flip().remaining()];
                    plain.get(bytes);
                    return bytes;
                }
                if (result.getStatus() == Status.CLOSED) {
                    return null;
                }
            }
        } catch (SSLException e) {
            close();
            return null;
        }
    }

    /// Opens one record, or waits for more of it.
    private SSLEngineResult unwrap(ByteBuffer plain) throws SSLException {
        SSLEngineResult result = engine.unwrap(received, plain);
        switch (result.getStatus()) {
            case BUFFER_UNDERFLOW, BUFFER_OVERFLOW -> receive();
            case OK -> {
                if (agreed) {
                    answer(result.getHandshakeStatus());
                }
            }
            case CLOSED -> {}
        }
        return result;
    }

    /// After the handshake a client may ask for new keys (TLS 1.3), but not for another handshake
    /// (TLS 1.2), which would cost us more than it costs the client.
    private void answer(HandshakeStatus status) throws SSLException {
        switch (status) {
            case NEED_WRAP -> write(NOTHING);
            case NEED_TASK, NEED_UNWRAP, NEED_UNWRAP_AGAIN ->
                    throw new SSLException("the client wants another handshake");
            case NOT_HANDSHAKING, FINISHED -> {}
        }
    }

    /// The length of the record that comes next, which is more than it holds; 0 while it is not
    /// complete.
    private int recordBytes() {
        int there = received.remaining();
        if (there < HEADER_BYTES) {
            return 0;
        }
        int length = received.getShort(received.position() + HEADER_BYTES - 2) & 0xffff;
        return there < HEADER_BYTES + length ? 0 : HEADER_BYTES + length;
    }

    private void receive() {
        DataReader source = socket.dataReader();
        source.ensureAvailable();
        byte[] more = source.readBytes(source.available());
        received =
                received.hasRemaining()
                        ? ByteBuffer.allocate(received.remaining() + more.length)
                                .put(received)
                                .put(more)
                                .flip()
                        : ByteBuffer.wrap(more);
    }

    private void write(ByteBuffer plain) throws SSLException {
        writing.lock();
        try {
            int recordBytes = engine.getSession().getPacketBufferSize();
            int records = Math.min(plain.remaining() / RECORD_PLAIN_BYTES + 1, RECORDS_AT_ONCE);
            ByteBuffer sealed = ByteBuffer.allocate(records * recordBytes);
            SSLEngineResult result;
            do {
                result = engine.wrap(plain, sealed);
                if (sealed.remaining() < recordBytes) {
                    send(sealed);
                }
            } while (result.getStatus() != Status.CLOSED
                    && (plain.hasRemaining()
                            || result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP));
            send(sealed);
            if (result.getStatus() == Status.CLOSED) {
                throw new SSLException("the connection is closed");
            }
        } finally {
            writing.unlock();
        }
    }

    private void send(ByteBuffer sealed) {
        if (sealed.position() > 0) {
            byte[] bytes = new byte[sealed.flip().remaining()];
            sealed.get(bytes);
            sealed.clear();
            socket.dataWriter().writeNow(BufferData.create(bytes));
        }
    }

    @Override
    public void write(BufferData... buffers) {
        writeNow(BufferData.create(buffers));
    }

    @Override
    public void write(BufferData buffer) {
        writeNow(buffer);
    }

    @Override
    public void writeNow(BufferData... buffers) {
        writeNow(BufferData.create(buffers));
    }

    @Override
    public void writeNow(BufferData buffer) {
        try {
            write(ByteBuffer.wrap(buffer.readBytes()));
        } catch (SSLException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Says goodbye, or what is wrong, if anybody still hears it.
    @Override
    public void close() {
        writing.lock();
        try {
            engine.closeOutbound();
            ByteBuffer sealed = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            while (!engine.isOutboundDone() && engine.wrap(NOTHING, sealed).bytesProduced() > 0) {
                send(sealed);
            }
        } catch (SSLException | RuntimeException e) {
            // the client was faster
        } finally {
            writing.unlock();
        }
    }
}
