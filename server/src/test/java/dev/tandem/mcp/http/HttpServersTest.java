package dev.tandem.mcp.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.conversation.Content;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.McpConnection;
import dev.tandem.mcp.McpHost;
import dev.tandem.mcp.McpSettings;
import dev.tandem.mcp.http.EverythingServer.Wire;
import dev.tandem.tool.ContextItem;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.tool.ToolWatcher;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Connections to a real MCP server over HTTP, in both of its transports.
@Timeout(60)
final class HttpServersTest {
    private static final String SLOW = "trigger-long-running-operation";
    private static final String SLOW_ARGUMENTS = "{\"duration\":600,\"steps\":60000}";
    private static final long AT_ONCE_MILLIS = 100;

    private static HttpTransports transports;

    @BeforeAll
    static void install() throws Exception {
        EverythingServer.install();
        transports = new HttpTransports(HttpLimits.DEFAULTS);
    }

    @AfterAll
    static void close() {
        if (transports != null) {
            transports.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsItsToolsAndWhatTheyAnswer(Wire wire) throws Exception {
        try (EverythingServer server = EverythingServer.start(wire);
                McpConnection connection = connect(server, McpHost.NONE)) {
            Set<String> names =
                    connection.tools().stream()
                            .map(ToolDefinition::name)
                            .collect(Collectors.toSet());
            ToolOutput image = connection.call("get-tiny-image", "", ToolWatcher.NONE);
            ToolOutput unknown = connection.call("no-such-tool", "{}", ToolWatcher.NONE);

            assertEquals("2025-11-25", connection.protocol());
            assertTrue(names.containsAll(Set.of("echo", "get-sum", SLOW)), names::toString);
            assertEquals(List.of(new Content.Text("Echo: Grüße")), echo(connection, "Grüße"));
            assertTrue(image.content().stream().anyMatch(Content.Image.class::isInstance));
            assertTrue(unknown.failed());
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersAThousandCallersAtOnceEachWithItsOwn(Wire wire) throws Exception {
        int callers = 1000;
        try (EverythingServer server = EverythingServer.start(wire);
                McpConnection connection = connect(server, McpHost.NONE)) {
            long begun = System.nanoTime();
            List<CompletableFuture<List<Content>>> answers =
                    IntStream.range(0, callers)
                            .mapToObj(i -> begun(() -> echo(connection, "" + i)))
                            .toList();

            for (int i = 0; i < callers; i++) {
                assertEquals(List.of(new Content.Text("Echo: " + i)), answers.get(i).get());
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            System.out.printf("%s: %d calls at once in %d ms%n", wire, callers, millis);
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersOneCallerQuickly(Wire wire) throws Exception {
        int warm = 200;
        int calls = 1000;
        long[] micros = new long[calls];
        try (EverythingServer server = EverythingServer.start(wire);
                McpConnection connection = connect(server, McpHost.NONE)) {
            for (int i = -warm; i < calls; i++) {
                long begun = System.nanoTime();
                List<Content> _ = echo(connection, "hi");
                if (i >= 0) {
                    micros[i] = (System.nanoTime() - begun) / 1000;
                }
            }
        }
        Arrays.sort(micros);
        System.out.printf(
                "%s: echo p50 %.2f ms, p99 %.2f ms%n",
                wire, micros[calls / 2] / 1e3, micros[calls * 99 / 100] / 1e3);
    }

    @ParameterizedTest
    @EnumSource
    void freesACallerThatIsInterruptedAndServesTheNext(Wire wire) throws Exception {
        try (EverythingServer server = EverythingServer.start(wire);
                McpConnection connection = connect(server, McpHost.NONE)) {
            Person person = new Person();
            CountDownLatch freed = new CountDownLatch(1);
            Thread caller =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        assertThrows(
                                                InterruptedException.class,
                                                () ->
                                                        connection.call(
                                                                SLOW, SLOW_ARGUMENTS, person));
                                        freed.countDown();
                                    });
            ToolProgress first = person.progress.take();

            caller.interrupt();

            freed.await();
            assertEquals(60000, first.total().orElseThrow());
            assertEquals(List.of(new Content.Text("Echo: on")), echo(connection, "on"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void asksTheCallerOfATool(Wire wire) throws Exception {
        try (EverythingServer server = EverythingServer.start(wire);
                McpConnection connection = connect(server, McpHost.NONE)) {
            Person person = new Person();

            ToolOutput sampled =
                    connection.call("trigger-sampling-request", "{\"prompt\":\"hi\"}", person);
            ToolOutput filledIn = connection.call("trigger-elicitation-request", "{}", person);

            assertInstanceOf(ToolQuestion.Sampling.class, person.questions.take());
            assertInstanceOf(ToolQuestion.Form.class, person.questions.take());
            assertTrue(sampled.content().toString().contains("a model's words"));
            assertTrue(filledIn.content().toString().contains("Ada"), filledIn::toString);
        }
    }

    @ParameterizedTest
    @EnumSource
    void hearsThatAListHasChanged(Wire wire) throws Exception {
        ChangedLists host = new ChangedLists();
        try (EverythingServer server = EverythingServer.start(wire);
                McpConnection connection = connect(server, host)) {
            int files = 0;
            do {
                // the stream for what the server says by itself opens beside the first calls
                files++;
                ToolOutput made =
                        connection.call(
                                "gzip-file-as-resource",
                                "{\"name\":\"%d.gz\",\"data\":\"data:,hi\"}".formatted(files),
                                ToolWatcher.NONE);
                assertFalse(made.failed(), made::toString);
            } while (!host.changed.await(1, TimeUnit.SECONDS));

            assertTrue(
                    connection.context(ContextItem.Kind.RESOURCE).stream()
                            .anyMatch(item -> item.name().contains("1.gz")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsThoseWhoWaitAtOnceThatTheServerWasKilled(Wire wire) throws Exception {
        int callers = 20;
        try (EverythingServer server = EverythingServer.start(wire);
                McpConnection connection = connect(server, McpHost.NONE)) {
            List<Person> people = IntStream.range(0, callers).mapToObj(_ -> new Person()).toList();
            List<CompletableFuture<ToolOutput>> calls =
                    people.stream()
                            .map(one -> begun(() -> connection.call(SLOW, SLOW_ARGUMENTS, one)))
                            .toList();
            for (Person one : people) {
                ToolProgress _ = one.progress.take();
            }

            long begun = System.nanoTime();
            server.kill();

            for (CompletableFuture<ToolOutput> call : calls) {
                ExecutionException told = assertThrows(ExecutionException.class, call::get);
                Failure failure = assertInstanceOf(Failure.class, told.getCause());
                assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, failure.code(), failure::text);
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            System.out.printf("%s: %d callers told after %d ms%n", wire, callers, millis);
            assertTrue(millis <= AT_ONCE_MILLIS, () -> millis + " ms");
            assertTrue(connection.ended().isPresent());
            assertEquals(
                    FailureCode.UPSTREAM_UNAVAILABLE,
                    assertThrows(Failure.class, () -> echo(connection, "late")).code());
        }
    }

    @Test
    void noticesThatTheServerWasStartedAnewAndConnectsAgain() throws Exception {
        EndOfServer host = new EndOfServer();
        try (EverythingServer server = EverythingServer.start(Wire.STREAMABLE);
                McpConnection connection = connect(server, host)) {
            assertEquals(List.of(new Content.Text("Echo: one")), echo(connection, "one"));
            server.kill();

            try (EverythingServer next = server.again();
                    McpConnection other = connect(next, McpHost.NONE)) {
                assertThrows(Failure.class, () -> echo(connection, "two"));
                assertFalse(host.why.get().isEmpty());
                assertEquals(List.of(new Content.Text("Echo: three")), echo(other, "three"));
            }
        }
    }

    @Test
    void opensNothingWhereNothingListens() throws Exception {
        EverythingServer server = EverythingServer.start(Wire.STREAMABLE);
        server.end();

        Failure failure = assertThrows(Failure.class, () -> connect(server, McpHost.NONE));

        assertEquals(FailureCode.UPSTREAM_UNAVAILABLE, failure.code());
        assertTrue(failure.text().contains("takes no connections"), failure::text);
    }

    private static List<Content> echo(McpConnection connection, String message)
            throws InterruptedException {
        String arguments = "{\"message\":\"%s\"}".formatted(message);
        return connection.call("echo", arguments, ToolWatcher.NONE).content();
    }

    private static McpConnection connect(EverythingServer server, McpHost host)
            throws InterruptedException {
        return McpConnection.open(
                transports.either(new HttpEndpoint(server.url()), Authorizer.NONE, AddressRule.ANY),
                host,
                "test",
                McpSettings.DEFAULTS);
    }

    private interface Call<T> {
        T now() throws InterruptedException;
    }

    private static <T> CompletableFuture<T> begun(Call<T> call) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                answer.complete(call.now());
                            } catch (InterruptedException | RuntimeException failed) {
                                answer.completeExceptionally(failed);
                            }
                        });
        return answer;
    }

    /// Answers every question.
    private static final class Person implements ToolWatcher {
        final LinkedBlockingQueue<ToolProgress> progress = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<ToolQuestion> questions = new LinkedBlockingQueue<>();

        @Override
        public void progress(ToolProgress news) {
            progress.add(news);
        }

        @Override
        public ToolReply ask(ToolQuestion question) {
            questions.add(question);
            return switch (question) {
                case ToolQuestion.Form _ -> accepted("{\"name\":\"Ada\"}");
                case ToolQuestion.Page _ -> ToolReply.DECLINED;
                case ToolQuestion.Sampling _ ->
                        accepted(
                                """
                                {"role":"assistant","model":"m","stopReason":"endTurn",
                                 "content":{"type":"text","text":"a model's words"}}""");
            };
        }

        private static ToolReply accepted(String json) {
            return new ToolReply(ToolReply.Action.ACCEPT, Optional.of(json));
        }
    }

    private static final class ChangedLists implements McpHost {
        final CountDownLatch changed = new CountDownLatch(1);

        @Override
        public void listChanged(Kind kind) {
            if (kind == Kind.RESOURCES) {
                changed.countDown();
            }
        }
    }

    private static final class EndOfServer implements McpHost {
        final CompletableFuture<String> why = new CompletableFuture<>();

        @Override
        public void ended(String reason) {
            why.complete(reason);
        }
    }
}
