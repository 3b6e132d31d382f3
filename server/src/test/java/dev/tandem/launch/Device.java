package dev.tandem.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.SessionEvent;
import dev.tandem.v1.SessionServiceGrpc;
import dev.tandem.v1.WatchSessionRequest;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.StatusRuntimeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// A device that watches a session, and writes down what it is told, in words that are the same
/// whichever wire it came by: `session 2 Title`, `message user: hi`, `run text Hello`, `deleted`.
final class Device implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private final List<String> told = new ArrayList<>();
    private final Runnable leave;
    private int read;
    private boolean ended;

    private interface Reading {
        void all(Consumer<String> words) throws IOException;
    }

    private Device(Runnable leave) {
        this.leave = leave;
    }

    static Device overGrpc(RunningServer server, String session) {
        CancellableContext context = Context.current().withCancellation();
        Device device = new Device(() -> context.cancel(null));
        device.read(
                words ->
                        context.run(
                                () ->
                                        events(server, session)
                                                .forEachRemaining(
                                                        event -> words.accept(words(event)))));
        return device;
    }

    static Iterator<SessionEvent> events(RunningServer server, String session) {
        return SessionServiceGrpc.newBlockingStub(server.grpc())
                .watchSession(WatchSessionRequest.newBuilder().setSessionId(session).build());
    }

    static Device overRest(RunningServer server, String session) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request =
                HttpRequest.newBuilder(server.uri("/v1/sessions/" + session + "/events"))
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
        InputStream body = client.send(request, BodyHandlers.ofInputStream()).body();
        Device device = new Device(client::shutdownNow);
        device.read(words -> frames(body, words));
        return device;
    }

    private static void frames(InputStream body, Consumer<String> words) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (line != null) {
            if (line.startsWith("data: ")) {
                words.accept(words(JSON.readTree(line.substring("data: ".length()))));
            }
            line = lines.readLine();
        }
    }

    private void read(Reading reading) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                reading.all(this::write);
                            } catch (StatusRuntimeException failed) {
                                write("failed " + failed.getStatus().getCode());
                            } catch (IOException | UncheckedIOException left) {
                                write("failed " + left.getMessage());
                            } finally {
                                end();
                            }
                        });
    }

    private synchronized void write(String words) {
        told.add(words);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /// Waits for the next telling that begins so, after the one that was awaited before.
    synchronized void await(String beginning) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            while (read < told.size()) {
                if (told.get(read++).startsWith(beginning)) {
                    return;
                }
            }
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (ended || left <= 0) {
                throw new AssertionError("not told " + beginning + ", but " + told);
            }
            wait(left);
        }
    }

    /// What it was told so far.
    synchronized List<String> told() {
        return List.copyOf(told);
    }

    /// Everything that it was told, once the stream has ended.
    synchronized List<String> untilTheEnd() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!ended) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("the stream goes on after " + told);
            }
            wait(left);
        }
        return List.copyOf(told);
    }

    @Override
    public void close() {
        leave.run();
    }

    private static String words(SessionEvent event) {
        return switch (event.getEventCase()) {
            case SESSION ->
                    session(event.getSession().getMessageCount(), event.getSession().getTitle());
            case MESSAGE -> message(event.getMessage().getRole(), event.getMessage().getContent());
            case RUN -> run(event.getRun());
            case CLEARED, DELETED, HEARTBEAT, EVENT_NOT_SET ->
                    event.getEventCase().name().toLowerCase(Locale.ROOT);
        };
    }

    private static String run(RunEvent event) {
        return run(event.getEventCase().name().toLowerCase(Locale.ROOT), event.getText().getText());
    }

    private static String words(JsonNode event) {
        if (event.has("error")) {
            return "failed " + event.path("error").path("code").asText();
        }
        if (event.has("session")) {
            JsonNode session = event.path("session");
            return session(session.path("message_count").asLong(), session.path("title").asText());
        }
        if (event.has("message")) {
            JsonNode message = event.path("message");
            return message(message.path("role").asText(), message.path("content").asText());
        }
        return event.has("run") ? run(event.path("run")) : kind(event, "session_id");
    }

    private static String run(JsonNode event) {
        return run(kind(event, "run_id"), event.path("text").path("text").asText());
    }

    private static String kind(JsonNode event, String id) {
        return event.propertyStream()
                .map(Map.Entry::getKey)
                .filter(name -> !name.equals(id) && !name.equals("cursor"))
                .findFirst()
                .orElse("");
    }

    private static String session(long messages, String title) {
        return ("session " + messages + " " + title).strip();
    }

    private static String message(String role, String content) {
        return "message " + role + ": " + content;
    }

    private static String run(String kind, String text) {
        return text.isEmpty() ? "run " + kind : "run " + kind + " " + text;
    }
}
