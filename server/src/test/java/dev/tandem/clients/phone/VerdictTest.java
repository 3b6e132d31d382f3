package dev.tandem.clients.phone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.clients.phone.CuttingProxy.Cut;
import dev.tandem.clients.phone.CuttingProxy.How;
import dev.tandem.clients.phone.Phone.Network;
import dev.tandem.launch.RunningServer;
import dev.tandem.testing.RecordedUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a client that comes back is told first, and what it gets where it cannot go on where it
/// was.
@Timeout(60)
final class VerdictTest {
    private static final Duration HEARTBEAT = Duration.ofMillis(300);
    private static final String ADA = "key-of-ada-0f3b7d21c9";
    private static final String BOB = "key-of-bob-77c1e04a52";

    /// No server has ever said this.
    private static final String NO_CURSOR = "there-is-no-such-cursor";

    @TempDir static Path folder;

    private static RecordedUpstream upstream;
    private static RunningServer server;
    private static int questions;

    @BeforeAll
    static void open() {
        upstream = RecordedUpstream.choosing(_ -> Upstream.Kind.TOOLS.answer());
        server = start("1d");
    }

    @AfterAll
    static void close() {
        server.close();
        upstream.close();
    }

    private static RunningServer start(String retention) {
        Map<String, String> settings = new HashMap<>();
        settings.put("scripted.enabled", "true");
        settings.put("scripted.pace", "0ms");
        settings.put("anthropic.api-key", "sk-ant-test-key");
        settings.put("anthropic.base-url", upstream.uri().toString());
        settings.put("runs.heartbeat", HEARTBEAT.toMillis() + "ms");
        settings.put("runs.retention", retention);
        settings.put("auth.keys.0.name", "ada");
        settings.put("auth.keys.0.key", ADA);
        settings.put("auth.keys.1.name", "bob");
        settings.put("auth.keys.1.tenant", "bobs");
        settings.put("auth.keys.1.key", BOB);
        return RunningServer.start(folder, settings);
    }

    @ParameterizedTest
    @EnumSource
    void whoHasSeenAPartGetsTheRest(Way way) throws Exception {
        Phone asked = asking(scripted("say one two three four"));
        Joined.Answer whole = asked.toTheEnd();
        List<String> cursors = asked.position().joined().cursors();

        Phone back = returning(ADA, asked, cursors.get(1), way);
        Joined.Answer rest = back.toTheEnd();

        assertEquals(Optional.of(false), back.position().gap());
        assertEquals(" three four", rest.text());
        assertEquals(whole.finishReason(), rest.finishReason());
        assertEquals(cursors.subList(2, cursors.size()), back.position().joined().cursors());
    }

    @ParameterizedTest
    @EnumSource
    void whoHasSeenTheEndGetsAnEndAndNothingElse(Way way) throws Exception {
        Phone asked = asking(scripted("say one two"));
        asked.toTheEnd();

        Phone back = returning(ADA, asked, asked.position().cursor().orElseThrow(), way);

        assertEquals(new Joined().answer(), back.toTheEnd());
        assertEquals(Optional.of(false), back.position().gap());
        assertEquals(1, back.connections());
    }

    @ParameterizedTest
    @EnumSource
    void whoHasSeenThatItFailedIsToldSoAgain(Way way) throws Exception {
        Phone asked = asking(scripted("fail overloaded after 2 words"));
        Joined.Answer whole = asked.toTheEnd();

        Phone back = returning(ADA, asked, asked.position().cursor().orElseThrow(), way);

        assertEquals(whole.error(), back.toTheEnd().error());
        assertEquals(1, back.connections());
    }

    @ParameterizedTest
    @EnumSource(names = "POST_AGAIN", mode = EnumSource.Mode.EXCLUDE)
    void anUnknownCursorIsAGap(Way way) throws Exception {
        Phone asked = asking(scripted("think hm\nsay one two"));
        Joined.Answer whole = asked.toTheEnd();

        Phone back = returning(ADA, asked, NO_CURSOR, way);

        assertEquals(whole, back.toTheEnd());
        assertTrue(back.position().joined().wasReplaced());
    }

    @ParameterizedTest
    @EnumSource
    void aCursorBeyondWhatIsStoredOfAnEarlierLifeIsAGap(Way way) throws Exception {
        Phone asked = asking(scripted("say one two"));
        Joined.Answer whole = asked.toTheEnd();
        String beyond = asked.position().cursor().orElseThrow().replaceAll("[^.]+$", "zz");
        server.close();
        server = start("1d");

        Phone back = returning(ADA, asked, beyond, way);

        assertEquals(whole, back.toTheEnd());
        assertTrue(back.position().joined().wasReplaced());
    }

    @ParameterizedTest
    @EnumSource(names = "POST_AGAIN", mode = EnumSource.Mode.EXCLUDE)
    void aGapAtAnyPlaceIsFilledByASnapshotToWhichTheRestCanBeAppended(Way way) throws Exception {
        Random random = new Random(way.name().hashCode());
        int most = way == Way.GRPC ? 2500 : 9000;
        AtomicInteger left = new AtomicInteger(15);
        try (CuttingProxy proxy =
                new CuttingProxy(
                        server.port(),
                        () ->
                                left.getAndDecrement() > 0
                                        ? new Cut(random.nextInt(most), How.CLOSE)
                                        : Cut.NEVER)) {
            AtomicReference<Phone> phone = new AtomicReference<>();
            phone.set(
                    Phone.asking(
                            Network.to(proxy.port(), HEARTBEAT, random).with(ADA),
                            new Question("claude-sonnet-4-6", "", "use tools", "gaps " + way),
                            () -> {
                                Position position = phone.get().position();
                                position.runId().ifPresent(_ -> position.standAt(NO_CURSOR));
                                return way;
                            }));
            Joined.Answer joined = phone.get().toTheEnd();

            assertTrue(phone.get().position().joined().wasReplaced());
            assertEquals(following(ADA, phone.get(), Way.GRPC).toTheEnd(), joined);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anothersRunIsNotThere(Way way) throws Exception {
        Phone asked = asking(scripted("say one two"));
        asked.toTheEnd();
        String cursor = asked.position().joined().cursors().getFirst();

        Refused refused = assertThrows(Refused.class, returning(BOB, asked, cursor, way)::toTheEnd);

        assertEquals("not_found", refused.code());
        assertEquals(way == Way.POST_AGAIN ? "Last-Event-ID" : "run_id", refused.param());
    }

    @Test
    void anUnknownCursorOnAPostIsNotFoundAndGeneratesNothing() {
        String before = get("/v1/runs").body();

        HttpResponse<String> answer =
                post(
                        "{\"model\":\"scripted/echo\",\"stream\":true,\"messages\":"
                                + "[{\"role\":\"user\",\"content\":\"hi\"}]}",
                        "Last-Event-ID",
                        NO_CURSOR);

        assertEquals(404, answer.statusCode());
        assertTrue(answer.body().contains("\"code\":\"not_found\""), answer.body());
        assertTrue(answer.body().contains("\"param\":\"Last-Event-ID\""), answer.body());
        assertEquals(before, get("/v1/runs").body());
    }

    @ParameterizedTest
    @EnumSource(names = "POST_AGAIN", mode = EnumSource.Mode.EXCLUDE)
    void aRunThatIsNotKeptCannotBeFollowed(Way way) {
        HttpResponse<String> plain =
                post(
                        "{\"model\":\"scripted/echo\",\"stream\":true,\"messages\":"
                                + "[{\"role\":\"user\",\"content\":\"hi\"}]}",
                        "x-request-id",
                        "r");
        String run = plain.headers().firstValue("x-run-id").orElseThrow();

        Refused refused =
                assertThrows(Refused.class, Phone.following(direct(ADA), run, () -> way)::toTheEnd);

        assertFalse(plain.body().contains("id: "), plain.body());
        assertEquals("not_found", refused.code());
    }

    @ParameterizedTest
    @EnumSource(names = "POST_AGAIN", mode = EnumSource.Mode.EXCLUDE)
    void ofARunWhoseEventsAreForgottenTheSessionHasTheMessage(Way way) throws Exception {
        Phone asked = asking(scripted("say one two", session()));
        Joined.Answer whole = asked.toTheEnd();
        String cursor = asked.position().joined().cursors().getFirst();
        server.close();
        server = start("0ms");
        awaitForgotten(asked);

        Phone back = returning(ADA, asked, cursor, way);

        assertEquals(whole, back.toTheEnd());
        assertTrue(back.position().joined().wasReplaced());
        assertEquals(Optional.of(cursor), back.position().cursor());
        server.close();
        server = start("1d");
    }

    /// The server forgets when it starts, without telling when it has.
    private static void awaitForgotten(Phone asked) throws Exception {
        Phone reader;
        do {
            reader = following(ADA, asked, Way.GRPC);
            reader.toTheEnd();
        } while (!reader.position().joined().wasReplaced());
    }

    @ParameterizedTest
    @EnumSource
    void signsOfLifeAreNoPlaceToGoOnFrom(Way way) throws Exception {
        Question hangs = scripted("say one two\nhang");
        Phone asked = Phone.asking(direct(ADA), hangs, () -> way);
        Position position = asked.position();
        CountDownLatch twoSigns = new CountDownLatch(1);
        position.onNews(
                () -> {
                    if (position.signsOfLife() == 2) {
                        twoSigns.countDown();
                    }
                });
        try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Joined.Answer> answer = thread.submit(asked::toTheEnd);
            twoSigns.await();
            cancel(position.runId().orElseThrow());

            // the phone fails where a sign of life, or a verdict, has an id
            assertEquals("cancelled", answer.get().error());
        }
        assertEquals(3, position.joined().cursors().size());
    }

    private static void cancel(String run) {
        HttpResponse<String> answer =
                send(
                        HttpRequest.newBuilder(server.uri("/v1/runs/" + run + ":cancel"))
                                .POST(BodyPublishers.noBody()));
        assertEquals(200, answer.statusCode(), answer.body());
    }

    private static Question scripted(String script) {
        return scripted(script, "");
    }

    private static Question scripted(String script, String session) {
        return new Question(
                "scripted/echo", session, "/script\n" + script, "verdict " + ++questions);
    }

    private static String session() {
        return send(HttpRequest.newBuilder(server.uri("/v1/sessions"))
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString("{\"model\":\"scripted/echo\"}")))
                .body()
                .replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
    }

    private static Network direct(String key) {
        return Network.to(server.port(), HEARTBEAT, new Random(0)).with(key);
    }

    private static Phone asking(Question question) {
        return Phone.asking(direct(ADA), question, () -> Way.GET_WITH_HEADER);
    }

    private static Phone following(String key, Phone asked, Way way) {
        return Phone.following(direct(key), asked.position().runId().orElseThrow(), () -> way);
    }

    /// A phone that was there before. One that posts again does not know the run.
    private static Phone returning(String key, Phone asked, String cursor, Way way) {
        Phone phone =
                way == Way.POST_AGAIN
                        ? Phone.asking(direct(key), scripted("say this is not asked"), () -> way)
                        : following(key, asked, way);
        phone.position().standAt(cursor);
        return phone;
    }

    private static HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(server.uri(path)).GET());
    }

    private static HttpResponse<String> post(String json, String header, String value) {
        return send(
                HttpRequest.newBuilder(server.uri("/v1/chat/completions"))
                        .header("content-type", "application/json")
                        .header(header, value)
                        .POST(BodyPublishers.ofString(json)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        return server.send(request.header("authorization", "Bearer " + ADA));
    }
}
