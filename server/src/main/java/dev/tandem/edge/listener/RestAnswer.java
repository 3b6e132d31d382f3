package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.webserver.ServerConnectionException;
import java.io.IOException;

/// The response of one plain HTTP request over HTTP/2. A handler that writes faster than its client
/// reads waits here.
final class RestAnswer implements DataWriter {

    private final Outbox outbox;
    private final ResponseParser parser;
    private boolean clientLeft;
    private volatile boolean done;

    RestAnswer(Channel stream, boolean isHead) {
        this.outbox = new Outbox(stream, this::wake);
        this.parser = new ResponseParser(isHead, outbox::add);
    }

    boolean isDone() {
        return done;
    }

    @Override
    public void write(BufferData... buffers) {
        writeNow(buffers);
    }

    @Override
    public void write(BufferData buffer) {
        writeNow(buffer);
    }

    @Override
    public void writeNow(BufferData... buffers) {
        for (BufferData buffer : buffers) {
            writeNow(buffer);
        }
    }

    @Override
    public void writeNow(BufferData buffer) {
        byte[] bytes = new byte[buffer.available()];
        int ignored = buffer.read(bytes);
        parser.read(bytes);
        done = parser.isDone();
        awaitRoom();
    }

    private synchronized void awaitRoom() {
        try {
            while (!outbox.hasRoom() && !clientLeft && !done) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw gone(e);
        }
        if (clientLeft && !done) {
            throw gone(new IOException("stream reset"));
        }
    }

    private static ServerConnectionException gone(Exception cause) {
        return new ServerConnectionException("the client left", cause);
    }

    private synchronized void wake() {
        notifyAll();
    }

    synchronized void clientLeft() {
        clientLeft = true;
        notifyAll();
    }

    /// Ends the stream after the handler did, and asks the client to stop sending what nobody
    /// reads.
    void close(boolean requestEnded) {
        parser.end();
        if (!parser.isDone()) {
            outbox.add(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
        } else if (!requestEnded) {
            outbox.add(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
        }
        done = true;
    }
}
