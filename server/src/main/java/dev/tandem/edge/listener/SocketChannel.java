package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.AbstractChannel;
import io.grpc.netty.shaded.io.netty.channel.ChannelConfig;
import io.grpc.netty.shaded.io.netty.channel.ChannelMetadata;
import io.grpc.netty.shaded.io.netty.channel.ChannelOutboundBuffer;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import io.grpc.netty.shaded.io.netty.channel.DefaultChannelConfig;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.helidon.webserver.ConnectionContext;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/// A Netty channel whose socket is a Helidon connection. The connection's thread feeds it what was
/// received, a [SocketWriter] sends what it writes; Netty itself never touches a socket.
final class SocketChannel extends AbstractChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);
    private static final int UNREAD_BYTES_MAX = 256 << 10;

    private final ConnectionContext context;
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final Semaphore unread = new Semaphore(UNREAD_BYTES_MAX);
    private final SocketWriter writer;
    private volatile boolean open = true;

    SocketChannel(ServerEnd parent, ConnectionContext context) {
        super(parent);
        this.context = context;
        this.writer = new SocketWriter(context.dataWriter(), this::flushAgain, this::closeSocket);
    }

    /// Begins to send. Called once, when the channel is registered.
    void start() {
        writer.start();
    }

    /// Hands over received bytes, and waits while the event loop is behind.
    void feed(byte[] bytes) throws InterruptedException {
        int permits = Math.min(bytes.length, UNREAD_BYTES_MAX);
        unread.acquire(permits);
        eventLoop()
                .execute(
                        () -> {
                            unread.release(permits);
                            pipeline().fireChannelRead(Unpooled.wrappedBuffer(bytes));
                            pipeline().fireChannelReadComplete();
                        });
    }

    /// Says that the client closed its side: everything it asked for is cancelled.
    void clientLeft() {
        onLoop(() -> unsafe().close(voidPromise()));
    }

    /// Waits until the last bytes are sent.
    void awaitSent(Duration limit) throws InterruptedException {
        writer.awaitEnd(limit);
    }

    private void onLoop(Runnable task) {
        try {
            eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            // the listener is closed, and so is everything on its loops
        }
    }

    private void flushAgain() {
        onLoop(() -> unsafe().flush());
    }

    /// Closes the socket at once; whatever is still to be sent is lost.
    void closeSocket() {
        try {
            context.serverSocket().close();
        } catch (RuntimeException e) {
            // the peer was faster
        }
        clientLeft();
    }

    /// Hands over what lies ready, and only then says that it is written: who hears that may close
    /// the channel.
    @Override
    protected void doWrite(ChannelOutboundBuffer buffers) throws Exception {
        while (!buffers.isEmpty() && writer.hasRoom()) {
            WriteBatch batch = new WriteBatch(buffers.totalPendingWriteBytes());
            buffers.forEachFlushedMessage(batch);
            writer.add(batch.bytes());
            for (int taken = batch.buffers(); taken > 0; taken--) {
                buffers.remove();
            }
        }
    }

    @Override
    protected void doClose() {
        if (open) {
            open = false;
            writer.end();
        }
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doBeginRead() {
        // the connection's thread reads
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("Helidon binds");
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
                boolean ignored =
                        promise.tryFailure(new UnsupportedOperationException("Helidon connects"));
            }
        };
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return context.localPeer().address();
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return context.remotePeer().address();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }
}
