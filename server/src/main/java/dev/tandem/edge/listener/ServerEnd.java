package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.channel.AbstractServerChannel;
import io.grpc.netty.shaded.io.netty.channel.ChannelConfig;
import io.grpc.netty.shaded.io.netty.channel.DefaultChannelConfig;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// The parent of every [SocketChannel]. It accepts nothing: Netty tells a server's HTTP/2
/// connection from a client's by its parent being a server channel.
final class ServerEnd extends AbstractServerChannel {

    private final ChannelConfig config = new DefaultChannelConfig(this);

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return InetSocketAddress.createUnresolved("listener", 0);
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("Helidon binds");
    }

    @Override
    protected void doBeginRead() {
        // Helidon accepts
    }

    @Override
    protected void doClose() {
        // never opened
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isActive() {
        return true;
    }
}
