package dev.tandem.edge.socket;

import dev.tandem.edge.rest.CallHeaders;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import dev.tandem.rpc.Call;
import dev.tandem.rpc.Pipeline;
import dev.tandem.rpc.RpcMethod.Access;
import dev.tandem.rpc.Wire;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Turns a connection into a WebSocket (RFC 6455, 4.2), once the pipeline has let its caller in; or
/// refuses, in the envelope of every failure. It names no extension, so nothing is compressed.
final class Handshake implements Http1Upgrader {
    private static final HeaderName KEY = HeaderNames.create("Sec-WebSocket-Key");
    static final HeaderName VERSION = HeaderNames.create("Sec-WebSocket-Version");
    private static final HeaderName PROTOCOL = HeaderNames.create("Sec-WebSocket-Protocol");
    private static final String VERSION_SPOKEN = "13";
    private static final int KEY_BYTES = 16;
    private static final String ACCEPTED = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final SocketMethods methods;
    private final Pipeline pipeline;
    private final Ids ids;
    private final SocketSettings settings;
    private final WebOrigins webOrigins;

    Handshake(
            SocketMethods methods,
            Pipeline pipeline,
            Ids ids,
            SocketSettings settings,
            WebOrigins webOrigins) {
        this.methods = methods;
        this.pipeline = pipeline;
        this.ids = ids;
        this.settings = settings;
        this.webOrigins = webOrigins;
    }

    @Override
    public String supportedProtocol() {
        return "websocket";
    }

    /// The WebSocket; null for what the routes answer.
    @Override
    public @Nullable ServerConnection upgrade(
            ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
        if (!prologue.uriPath().rawPath().equals(SocketEdge.PATH)
                || !prologue.method().equals(Method.GET)) {
            return null;
        }
        Subprotocols subprotocols = Subprotocols.of(headers.values(PROTOCOL));
        Call.Origin origin = origin(context, headers, subprotocols);
        Call call = new Call(CallHeaders.requestId(headers, ids), Wire.WEBSOCKET, origin);
        try {
            String accepted =
                    pipeline.serve(
                            call,
                            SocketEdge.LABEL,
                            Access.KEY,
                            () -> accepted(prologue, headers, origin));
            write(context, HandshakeAnswer.switching(call, accepted, subprotocols));
            return new SocketConnection(context, settings, methods, pipeline, ids, origin);
        } catch (Failure failure) {
            write(context, HandshakeAnswer.refusal(call, failure));
            return new Refused();
        }
    }

    /// A key in a header wins over one among the subprotocols.
    private static Call.Origin origin(
            ConnectionContext context, WritableHeaders<?> headers, Subprotocols subprotocols) {
        Call.Origin sent = CallHeaders.origin(headers, context.remotePeer().host());
        return new Call.Origin(
                sent.credential().or(subprotocols::key),
                sent.host(),
                sent.webOrigin(),
                sent.peer());
    }

    /// What shows that we have understood the client's key.
    private String accepted(HttpPrologue prologue, WritableHeaders<?> headers, Call.Origin origin) {
        webOrigins.enter(origin.webOrigin(), origin.host());
        if (prologue.hasQuery()) {
            throw new Failure(
                    FailureCode.INVALID_REQUEST,
                    "A WebSocket takes no query parameters; send a key as Authorization, x-api-key"
                            + " or a subprotocol.");
        }
        if (!wantsUpgrade(headers)) {
            throw Failure.invalid("Connection", "Connection must be Upgrade.");
        }
        if (!speaksOurVersion(headers)) {
            throw Failure.invalid(
                    VERSION.defaultCase(), "Sec-WebSocket-Version must be " + VERSION_SPOKEN + ".");
        }
        String key = headers.first(KEY).orElse("").strip();
        if (!isKey(key)) {
            throw Failure.invalid(
                    KEY.defaultCase(), "Sec-WebSocket-Key must be 16 bytes in base64.");
        }
        return Base64.getEncoder().encodeToString(sha1(key + ACCEPTED));
    }

    private static boolean wantsUpgrade(WritableHeaders<?> headers) {
        return headers.values(HeaderNames.CONNECTION).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .anyMatch(option -> option.strip().equalsIgnoreCase("upgrade"));
    }

    private static boolean speaksOurVersion(WritableHeaders<?> headers) {
        return headers.first(VERSION).map(String::strip).orElse("").equals(VERSION_SPOKEN);
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /// The protocol's choice; nothing is kept secret by it.
    private static byte[] sha1(String text) {
        try {
            return MessageDigest.getInstance("SHA-1")
                    .digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static void write(ConnectionContext context, byte[] bytes) {
        context.dataWriter().writeNow(BufferData.create(bytes));
    }
}
