package dev.tandem.clients.phone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Follows a run as server-sent events, for as long as one connection lasts.
final class SseWire {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ID = "id: ";
    private static final String DATA = "data: ";

    private final int port;
    private final Optional<String> key;
    private final Duration silenceMax;

    /// @param key what opens the server
    /// @param silenceMax the silence after which a connection is given up
    SseWire(int port, Optional<String> key, Duration silenceMax) {
        this.port = port;
        this.key = key;
        this.silenceMax = silenceMax;
    }

    /// Reads until the run has ended.
    ///
    /// @throws IOException where the connection ends before
    void read(Position position, Optional<Question> question, Way way) throws IOException, Refused {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(Math.toIntExact(silenceMax.toMillis()));
            socket.getOutputStream().write(request(position, question, way));
            HttpAnswer answer = new HttpAnswer(socket.getInputStream());
            if (answer.status() != 200) {
                throw refused(answer);
            }
            if (!answer.header("x-run-id").isEmpty()) {
                position.runIs(answer.header("x-run-id"));
            }
            new Frames(position).read(answer);
        }
    }

    private byte[] request(Position position, Optional<Question> question, Way way) {
        boolean asks = position.runId().isEmpty() || way == Way.POST_AGAIN;
        String text =
                question.filter(_ -> asks)
                        .map(asked -> post(asked, position.cursor()))
                        .orElseGet(() -> get(position, way));
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String post(Question question, Optional<String> cursor) {
        String body = question.json();
        return "POST /v1/chat/completions HTTP/1.1\r\n"
                + headers()
                + "Content-Type: application/json\r\nIdempotency-Key: "
                + question.key()
                + "\r\n"
                + lastEventId(cursor)
                + "Content-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length
                + "\r\n\r\n"
                + body;
    }

    private String get(Position position, Way way) {
        boolean inQuery = way == Way.GET_WITH_QUERY;
        String query =
                position.cursor()
                        .filter(_ -> inQuery)
                        .map(at -> "&after=" + URLEncoder.encode(at, StandardCharsets.UTF_8))
                        .orElse("");
        return "GET /v1/runs/"
                + position.runId().orElseThrow()
                + "/events?include_usage=true"
                + query
                + " HTTP/1.1\r\n"
                + headers()
                + (inQuery ? "" : lastEventId(position.cursor()))
                + "\r\n";
    }

    private String headers() {
        return "Host: localhost\r\nAccept: text/event-stream\r\n"
                + key.map(secret -> "Authorization: Bearer " + secret + "\r\n").orElse("");
    }

    private static String lastEventId(Optional<String> cursor) {
        return cursor.map(at -> "Last-Event-ID: " + at + "\r\n").orElse("");
    }

    private static Refused refused(HttpAnswer answer) throws IOException {
        JsonNode error = JSON.readTree(answer.body()).path("error");
        boolean later = answer.status() == 429 || answer.status() == 503;
        return new Refused(
                error.path("code").asText(),
                error.path("param").asText(""),
                error.path("message").asText(),
                later);
    }

    /// The frames of one connection. Those of an event that is not told whole are held back until
    /// it is; a cut drops them.
    private static final class Frames {
        private final Position position;
        private final List<JsonNode> held = new ArrayList<>();
        private long heldBytes;
        private String id = "";
        private String data = "";

        Frames(Position position) {
            this.position = position;
        }

        void read(HttpAnswer answer) throws IOException {
            try {
                while (!position.hasEnded()) {
                    byte[] bytes = answer.line();
                    heldBytes += bytes.length + 1;
                    line(new String(bytes, StandardCharsets.UTF_8));
                }
            } finally {
                position.dropped(heldBytes);
            }
        }

        private void line(String line) {
            if (line.startsWith(ID)) {
                id = line.substring(ID.length());
            } else if (line.startsWith(DATA)) {
                data = line.substring(DATA.length());
            } else if (line.startsWith(":")) {
                position.signOfLife();
            } else if (line.isEmpty()) {
                if (data.isEmpty()) {
                    requireNoId(line);
                    return;
                }
                frame(data);
                id = "";
                data = "";
            }
        }

        private void frame(String text) {
            if (text.equals("[DONE]")) {
                requireNoId(text);
                tellHeld();
                position.end();
                return;
            }
            JsonNode frame = json(text);
            if (frame.path("type").asText().equals("resume")) {
                requireNoId(text);
                verdict(frame);
                return;
            }
            held.add(frame);
            if (!id.isEmpty()) {
                tellHeld();
                position.standAt(id);
                position.joined().seen(id);
            }
            if (frame.has("error")) {
                tellHeld();
                position.end();
            }
        }

        /// Neither a verdict nor a sign of life is a place from which to go on.
        private void requireNoId(String frame) {
            if (!id.isEmpty()) {
                throw new AssertionError("a frame that tells nothing has the id " + id + frame);
            }
        }

        private void verdict(JsonNode frame) {
            heldBytes = 0;
            position.runIs(frame.path("run_id").asText());
            boolean gap = !frame.path("verdict").asText().equals("ok");
            position.verdict(gap);
            if (gap) {
                position.joined().replace(frame.path("snapshot"));
            }
        }

        private void tellHeld() {
            held.forEach(position.joined()::chunk);
            held.clear();
            heldBytes = 0;
        }

        private static JsonNode json(String text) {
            try {
                return JSON.readTree(text);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }
}
