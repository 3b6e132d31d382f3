package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One session of a soak: a client that asks once, whatever its kind does then.
///
/// @param key of its tenant
/// @param number unique in the soak
/// @param servers those whose tools it is offered, by name
/// @param files the folder that the server of files may write in
record SoakedSession(
        RunningServer server,
        HttpClient http,
        SoakTally tally,
        String key,
        int number,
        List<String> servers,
        Path files) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String LONG =
            "call every__trigger-long-running-operation {\"duration\":60,\"steps\":1200}";

    /// What its client does.
    enum Kind {
        /// Reads to the end.
        WHOLE,
        /// Cancels the run in a long call.
        CANCELLED,
        /// Leaves in a long call.
        LEFT,
        /// Allows what is asked.
        ALLOWED,
        /// Denies what is asked.
        DENIED,
        /// Cancels the run while it is asked.
        UNDECIDED,
        /// Leaves while it is asked.
        DESERTED
    }

    void run(Kind kind) throws IOException, InterruptedException {
        tally.session(kind.name().toLowerCase(Locale.ROOT));
        String session =
                JSON.readTree(post("/v1/sessions", "{\"model\":\"scripted/demo\"}"))
                        .path("id")
                        .asText();
        try (Frames frames = ask(session, script(kind))) {
            switch (kind) {
                case WHOLE -> whole(frames);
                case CANCELLED -> cancelAt("tool_progress", frames);
                case LEFT -> frames.await("tool_progress");
                case ALLOWED -> decide("allow", frames);
                case DENIED -> decide("deny", frames);
                case UNDECIDED -> cancelAt("approval", frames);
                case DESERTED -> frames.await("approval");
            }
        }
    }

    private static void whole(Frames frames) throws IOException {
        frames.end();
        assertEquals("", frames.error);
        assertTrue(frames.failed || frames.text.toString().endsWith("done"), frames.text::toString);
    }

    private String script(Kind kind) throws IOException {
        return switch (kind) {
            case WHOLE -> calls();
            case CANCELLED, LEFT -> LONG + "\nthen\nsay done";
            case ALLOWED, DENIED, UNDECIDED, DESERTED ->
                    "call files__write_file "
                            + JSON.createObjectNode()
                                    .put("path", file().toString())
                                    .put("content", "x")
                            + "\nthen\nsay done";
        };
    }

    private String calls() throws IOException {
        StringBuilder script = new StringBuilder();
        for (int call = 0; call < 3; call++) {
            String at = servers.get(call % servers.size());
            script.append(
                    switch (at) {
                        case "memory" -> "call memory__read_graph {}\n";
                        case "files" ->
                                "call files__list_directory "
                                        + JSON.createObjectNode().put("path", files.toString())
                                        + "\n";
                        default -> "call %s__echo {\"message\":\"%s\"}\n".formatted(at, echo());
                    });
            // some at once, some one after another
            script.append(call == 0 || number % 2 == 0 ? "then\n" : "");
        }
        return script.append(number % 2 == 0 ? "say done" : "then\nsay done").toString();
    }

    private String echo() {
        return "of " + number;
    }

    private Path file() {
        return files.resolve(number + ".txt");
    }

    private void cancelAt(String type, Frames frames) throws IOException, InterruptedException {
        if (frames.await(type).isPresent()) {
            JsonNode run = JSON.readTree(post("/v1/runs/" + frames.run + ":cancel", "{}"));
            frames.end();
            assertTrue(run.has("id"), run.toString());
            assertEquals("cancelled", frames.error);
        }
    }

    private void decide(String decision, Frames frames) throws IOException, InterruptedException {
        Optional<JsonNode> asked = frames.await("approval");
        if (asked.isPresent()) {
            String id = asked.get().path("approval").path("id").asText();
            String _ =
                    post(
                            "/v1/approvals/" + id + ":resolve",
                            "{\"decision\":\"%s\"}".formatted(decision));
        }
        frames.end();
        if (decision.equals("deny")) {
            assertFalse(Files.exists(file()), "it was denied and written");
        } else if (!frames.failed) {
            assertTrue(Files.exists(file()), "it was allowed and not written");
        }
    }

    private String post(String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(request(path, json), BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }

    private HttpRequest request(String path, String json) {
        return HttpRequest.newBuilder(server.uri(path))
                .header("x-api-key", key)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
    }

    private Frames ask(String session, String script) throws IOException, InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("model", "scripted/demo");
        body.put("session_id", session).put("stream", true);
        body.putObject("mcp").set("enabled_servers", JSON.valueToTree(servers));
        body.putArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", "/script\n" + script);
        HttpResponse<InputStream> answer =
                http.send(
                        request("/v1/chat/completions", body.toString()),
                        BodyHandlers.ofInputStream());
        assertEquals(200, answer.statusCode());
        return new Frames(answer.body());
    }

    /// The frames of the session's answer, counted as they are read.
    private final class Frames implements AutoCloseable {
        private final BufferedReader lines;
        private final StringBuilder text = new StringBuilder();
        private String run = "";
        private String error = "";
        private boolean failed;
        private boolean done;

        Frames(InputStream body) {
            lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        }

        /// Empty where there is no such frame to the end.
        Optional<JsonNode> await(String type) throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                done |= line.equals("data: [DONE]");
                if (line.startsWith("data: {")) {
                    JsonNode frame = JSON.readTree(line.substring("data: ".length()));
                    count(frame);
                    if (frame.path("type").asText().equals(type)) {
                        return Optional.of(frame);
                    }
                }
            }
            return Optional.empty();
        }

        private void count(JsonNode frame) {
            run = frame.path("run_id").asText(run);
            error = frame.path("error").path("code").asText(error);
            text.append(frame.path("choices").path(0).path("delta").path("content").asText(""));
            switch (frame.path("type").asText()) {
                case "tool_use" -> tally.call();
                case "tool_result" -> result(frame);
                case "warning" -> {
                    failed = true;
                    tally.failure(frame.path("message").asText());
                }
                default -> {}
            }
        }

        private void result(JsonNode frame) {
            String content = frame.path("content").asText();
            if (frame.path("is_error").asBoolean()) {
                failed = true;
                tally.failure(content);
            } else if (frame.path("name").asText().endsWith("__echo")) {
                assertEquals("Echo: " + echo(), content);
            }
        }

        /// Reads to the end, which must be one.
        void end() throws IOException {
            Optional<JsonNode> _ = await("no such frame");
            assertTrue(done || !error.isEmpty(), () -> "the stream broke off after: " + text);
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
