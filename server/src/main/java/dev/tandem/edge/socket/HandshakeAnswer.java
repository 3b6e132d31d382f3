package dev.tandem.edge.socket;

import dev.tandem.edge.json.JsonOut;
import dev.tandem.edge.rest.ErrorJson;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.FailureStatus;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The answers to a handshake, as they go over the wire.
final class HandshakeAnswer {
    private HandshakeAnswer() {}

    /// The connection is a WebSocket after this.
    static byte[] switching(Call call, String accepted, Subprotocols subprotocols) {
        StringBuilder head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
        head.append("Upgrade: websocket\r\nConnection: Upgrade\r\n");
        head.append("Sec-WebSocket-Accept: ").append(accepted).append("\r\n");
        if (subprotocols.offersOurs()) {
            head.append("Sec-WebSocket-Protocol: ").append(Subprotocols.OURS).append("\r\n");
        }
        head.append("x-request-id: ").append(call.requestId()).append("\r\n\r\n");
        return head.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /// It is none, and ends.
    static byte[] refusal(Call call, Failure failure) {
        boolean otherVersion = failure.param().equals(Optional.of(Handshake.VERSION.defaultCase()));
        int status =
                otherVersion
                        ? SocketEdge.UPGRADE_REQUIRED
                        : FailureStatus.of(failure.code()).http();
        JsonOut body = new JsonOut();
        ErrorJson.write(failure, status, call.requestId(), body);
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(Status.create(status).text());
        head.append("\r\nConnection: close\r\nContent-Type: application/json\r\n");
        if (otherVersion) {
            head.append("Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
        }
        if (failure.code() == FailureCode.UNAUTHORIZED) {
            head.append("WWW-Authenticate: Bearer realm=\"tandem\"\r\n");
        }
        head.append("x-request-id: ").append(call.requestId()).append("\r\n");
        head.append("Content-Length: ").append(body.size()).append("\r\n\r\n");
        byte[] bytes = head.toString().getBytes(StandardCharsets.US_ASCII);
        return new JsonOut().bytes(bytes).bytes(body.toBytes()).toBytes();
    }
}
