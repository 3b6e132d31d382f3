package dev.tandem.edge.listener;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.tandem.edge.listener.probe.ProbeResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Speaks gRPC-Web as bytes, so that a test can say what no library would.
///
/// @param http over which version of HTTP
/// @param base the server's address
/// @param contentType of request and answer
record WebClient(HttpClient http, URI base, String contentType) {

    static final String BINARY = "application/grpc-web+proto";
    static final String TEXT = "application/grpc-web-text+proto";

    /// @param trailers those of the last frame
    record Answer(
            HttpResponse<byte[]> http, List<ProbeResponse> messages, Map<String, String> trailers) {

        String trailer(String name) {
            return trailers.getOrDefault(name, "");
        }
    }

    boolean isText() {
        return contentType.contains("-text");
    }

    Answer call(String method, MessageLite request, String... headers)
            throws IOException, InterruptedException {
        return send(method, RawHttp2.framed(request), headers);
    }

    Answer send(String method, byte[] frames, String... headers)
            throws IOException, InterruptedException {
        byte[] body = isText() ? Base64.getEncoder().encode(frames) : frames;
        return read(
                http.send(request(method, body, headers), HttpResponse.BodyHandlers.ofByteArray()));
    }

    HttpRequest request(String method, byte[] body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve("/probe.v1.Probe/" + method))
                        .header("content-type", contentType)
                        .header("x-grpc-web", "1")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    Answer read(HttpResponse<byte[]> http) throws InvalidProtocolBufferException {
        ByteBuffer bytes = ByteBuffer.wrap(isText() ? plain(http.body()) : http.body());
        List<ProbeResponse> messages = new ArrayList<>();
        Map<String, String> trailers = new LinkedHashMap<>();
        while (bytes.hasRemaining()) {
            byte flags = bytes.get();
            byte[] content = new byte[bytes.getInt()];
            bytes.get(content);
            if (flags == 0) {
                messages.add(ProbeResponse.parseFrom(content));
            } else {
                trailers.putAll(fields(new String(content, StandardCharsets.US_ASCII)));
            }
        }
        return new Answer(http, messages, trailers);
    }

    /// Each frame may be a text of its own, padded at its end.
    static byte[] plain(byte[] text) {
        String all = new String(text, StandardCharsets.US_ASCII);
        ByteBuffer plain = ByteBuffer.allocate(text.length);
        for (int at = 0; at < all.length(); at += 4) {
            plain.put(Base64.getDecoder().decode(all.substring(at, at + 4)));
        }
        byte[] bytes = new byte[plain.flip().remaining()];
        plain.get(bytes);
        return bytes;
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line : text.split("\r\n", -1)) {
            String[] parts = line.split(": ", 2);
            if (parts.length == 2) {
                fields.put(parts[0], parts[1]);
            }
        }
        return fields;
    }
}
