package dev.tandem.edge.listener;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// REST routes for the tests.
final class ProbeRoutes {

    static final String EVENT = "data: {\"text\":\"hello\"}\n\n";

    private final Events events;
    private final AtomicLong bodyBytes = new AtomicLong();
    private final CountDownLatch never = new CountDownLatch(1);

    ProbeRoutes(Events events) {
        this.events = events;
    }

    /// Body bytes read by the last `/count`.
    long bodyBytes() {
        return bodyBytes.get();
    }

    HttpRouting.Builder routing() {
        return HttpRouting.builder()
                .get("/hello", (request, response) -> response.send("hello"))
                .head("/hello", (request, response) -> hello(response))
                .get("/slow", this::slow)
                .get("/silent", this::silent)
                .get("/events", this::events)
                .get("/header", ProbeRoutes::header)
                .get("/trailers", ProbeRoutes::trailers)
                .get("/interrupted", ProbeRoutes::interrupted)
                .get("/cookies", ProbeRoutes::cookies)
                .post("/echo", ProbeRoutes::echo)
                .post("/count", this::count)
                .post("/ignore", (request, response) -> response.send("ignored"))
                .post("/never-read", this::neverRead);
    }

    private static void hello(ServerResponse response) {
        response.header(HeaderNames.CONTENT_LENGTH, "5");
        response.send();
    }

    private void slow(ServerRequest request, ServerResponse response) {
        events.add("began");
        ProbeService.sleep(number(request, "ms", 500));
        response.send("slow");
        events.add("ended");
    }

    /// Sends one event and then waits for ever.
    private void silent(ServerRequest request, ServerResponse response) throws IOException {
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
        try (OutputStream out = response.outputStream()) {
            write(out, ": open\n\n");
            events.add("began");
            never.await();
        } catch (InterruptedException e) {
            events.add("interrupted");
        } finally {
            events.add("ended");
        }
    }

    private void events(ServerRequest request, ServerResponse response) throws IOException {
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
        try (OutputStream out = response.outputStream()) {
            for (int number = 0; number < number(request, "count", 10); number++) {
                write(out, EVENT);
                ProbeService.sleep(number(request, "ms", 0));
            }
            write(out, "data: [DONE]\n\n");
        } finally {
            events.add("ended");
        }
    }

    private static void header(ServerRequest request, ServerResponse response) {
        response.header(HeaderNames.create("x-name"), "fünf");
        response.send("ok");
    }

    private static void trailers(ServerRequest request, ServerResponse response)
            throws IOException {
        response.header(HeaderNames.TRAILER, "x-sum");
        try (OutputStream out = response.outputStream()) {
            write(out, "ok");
            response.trailers().set(HeaderNames.create("x-sum"), "2");
        }
    }

    /// Tells whether an interrupt of an earlier request is still pending.
    private static void interrupted(ServerRequest request, ServerResponse response) {
        response.send(Thread.currentThread().isInterrupted() ? "interrupted" : "clean");
    }

    private static void cookies(ServerRequest request, ServerResponse response) {
        response.send(String.join("|", request.headers().values(HeaderNames.COOKIE)));
    }

    private static void echo(ServerRequest request, ServerResponse response) {
        response.send(request.content().as(byte[].class));
    }

    private void count(ServerRequest request, ServerResponse response) throws IOException {
        bodyBytes.set(0);
        byte[] buffer = new byte[16 << 10];
        try (InputStream in = request.content().inputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bodyBytes.addAndGet(read);
            }
        }
        response.send(Long.toString(bodyBytes.get()));
    }

    private void neverRead(ServerRequest request, ServerResponse response) {
        events.add("began");
        try {
            never.await();
        } catch (InterruptedException e) {
            events.add("interrupted");
        }
    }

    private static int number(ServerRequest request, String name, int absent) {
        return request.query().first(name).map(Integer::parseInt).orElse(absent);
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
