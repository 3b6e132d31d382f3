package dev.tandem.edge.listener;

import io.grpc.ClientCall;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// One gRPC-Web call: an HTTP request on one side, a call on the in-process server on the other. It
/// runs on the request's thread, which is interrupted when the browser leaves.
final class WebCall implements MessageReader.Sink {

    /// Messages a service may send ahead of what the browser has taken.
    private static final int MESSAGES_AHEAD = 16;

    /// Can be divided by four, for base64.
    private static final int PIECE_BYTES = 16 << 10;

    private final GrpcCalls calls;
    private final WebFormat format;
    private final ServerRequest request;
    private final ServerResponse response;
    private final WebAnswer answer;
    private boolean gzip;
    private boolean refused;
    private @Nullable ClientCall<InputStream, ByteBuf> call;

    WebCall(GrpcCalls calls, WebFormat format, ServerRequest request, ServerResponse response) {
        this.calls = calls;
        this.format = format;
        this.request = request;
        this.response = response;
        this.answer = new WebAnswer(format);
    }

    void serve() {
        try {
            begin();
            readRequest();
            answer.writeTo(response, this::takeMore);
        } catch (InterruptedException | IOException e) {
            throw new CloseConnectionException("The client has left.", e);
        } finally {
            // without effect on a call that has ended
            cancel();
        }
    }

    private void begin() {
        try {
            GrpcRequest head = GrpcRequest.of(request);
            gzip = head.encoding().equals("gzip");
            if (!head.hasKnownEncoding()) {
                refuse(Status.UNIMPLEMENTED.withDescription("unknown encoding " + head.encoding()));
                return;
            }
            answer.tellsOf(head);
            ClientCall<InputStream, ByteBuf> begun = calls.call(head);
            call = begun;
            begun.start(answer, head.metadata());
            begun.request(MESSAGES_AHEAD);
        } catch (IllegalArgumentException e) {
            refuse(Status.INTERNAL.withDescription("malformed request: " + e.getMessage()));
        }
    }

    private void takeMore() {
        if (call != null) {
            call.request(1);
        }
    }

    private void readRequest() throws IOException {
        MessageReader messages = new MessageReader(calls.messageBytesMax(), this);
        try (InputStream body = request.content().inputStream()) {
            for (byte[] piece = body.readNBytes(PIECE_BYTES);
                    piece.length > 0 && !refused && !answer.hasEnded();
                    piece = body.readNBytes(PIECE_BYTES)) {
                messages.read(Unpooled.wrappedBuffer(format.decode(piece)));
            }
        } catch (IllegalArgumentException e) {
            refuse(Status.INTERNAL.withDescription("malformed base64: " + e.getMessage()));
        }
        if (call != null && !refused) {
            call.halfClose();
        }
    }

    @Override
    public void message(byte[] message, boolean compressed) {
        if (call == null) {
            return;
        }
        if (compressed && !gzip) {
            refuse(Status.INTERNAL.withDescription("compressed message without grpc-encoding"));
            return;
        }
        call.sendMessage(
                compressed
                        ? new GzipMessage(message, calls.messageBytesMax(), answer::end)
                        : new GrpcMessage(message));
    }

    /// What is left of the request is not read, so it is the connection's last.
    @Override
    public void refuse(Status status) {
        refused = true;
        answer.end(status);
        response.header(HeaderValues.CONNECTION_CLOSE);
        cancel();
    }

    private void cancel() {
        if (call != null) {
            call.cancel("the answer has ended, or its client left", null);
        }
    }
}
