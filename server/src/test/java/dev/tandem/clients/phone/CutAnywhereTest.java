package dev.tandem.clients.phone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.clients.phone.CutRun.Wires;
import dev.tandem.clients.phone.Upstream.Kind;
import dev.tandem.launch.RunningServer;
import dev.tandem.testing.RecordedUpstream;
import dev.tandem.testing.Served;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A stream that is cut anywhere is continued exactly: 1,000 cuts at random bytes, with 50 runs at
/// once, over SSE, over gRPC and changing between them at each cut. What is joined is what an uncut
/// reading of the same run says, and the provider is asked once for each run.
///
/// `-Dtandem.resume.seed=1` repeats the cuts of another time.
@Timeout(180)
final class CutAnywhereTest {
    private static final int RUNS = 50;
    private static final int CUTS_PER_RUN = 20;
    private static final Duration HEARTBEAT = Duration.ofMillis(800);
    private static final Pattern QUESTION = Pattern.compile("kind (\\w+) (\\d+)");

    @TempDir Path folder;

    @Test
    void joinsToWhatAnUncutReadingSays() throws Exception {
        long seed = Long.getLong("tandem.resume.seed", System.nanoTime());
        System.out.println("1,000 cuts with -Dtandem.resume.seed=" + seed);
        Random random = new Random(seed);
        List<CutRun> runs = new ArrayList<>();
        long began = System.nanoTime();
        try (RecordedUpstream upstream =
                RecordedUpstream.choosing(asked -> kind(asked.body()).answer())) {
            try (RunningServer server = start(upstream)) {
                for (int number = 0; number < RUNS; number++) {
                    runs.add(run(server, number, random.nextLong()));
                }
                onAll(runs, CutRun::readAll);
                onAll(runs, run -> run.compareUncut(server, Way.GET_WITH_HEADER));
                onAll(runs, run -> run.compareUncut(server, Way.GRPC));
            }
            try (RunningServer server = start(upstream)) {
                onAll(runs, run -> run.compareUncut(server, Way.GET_WITH_QUERY));
                onAll(runs, run -> run.compareUncut(server, Way.GRPC));
            }

            assertEquals(onceEach(runs), times(upstream.served()));
        }
        runs.forEach(CutAnywhereTest::requireItsKind);
        assertTrue(sum(runs, CutRun::cuts) >= RUNS * CUTS_PER_RUN);
        System.out.printf(
                "%d cuts (%d while their runs went on), %d reconnects, %d runs, %d readings,"
                        + " %d of %d bytes told twice, %.1f s%n",
                sum(runs, CutRun::cuts),
                sum(runs, CutRun::cutsWhileItRan),
                sum(runs, CutRun::reconnects),
                runs.size(),
                sum(runs, CutRun::readings),
                sum(runs, CutRun::toldTwice),
                sum(runs, CutRun::bytes),
                (System.nanoTime() - began) / 1e9);
    }

    private RunningServer start(RecordedUpstream upstream) {
        return RunningServer.start(
                folder,
                Map.of(
                        "anthropic.api-key",
                        "sk-ant-test-key",
                        "anthropic.base-url",
                        upstream.uri().toString(),
                        "runs.heartbeat",
                        HEARTBEAT.toMillis() + "ms"));
    }

    private static CutRun run(RunningServer server, int number, long seed) {
        List<Kind> kinds = List.of(Kind.values());
        List<Wires> allWires = List.of(Wires.values());
        Kind kind = kinds.get(number % kinds.size());
        Wires wires = allWires.get(number / kinds.size() % allWires.size());
        String session =
                server.post("/v1/sessions", "{\"model\":\"claude-sonnet-4-6\"}")
                        .body()
                        .replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
        Question question =
                new Question(
                        "claude-sonnet-4-6",
                        session,
                        "kind " + kind + " " + number,
                        "key of question " + number);
        return new CutRun(server, HEARTBEAT, kind, wires, question, CUTS_PER_RUN, seed);
    }

    private static Kind kind(String body) {
        Matcher question = QUESTION.matcher(body);
        if (!question.find()) {
            throw new AssertionError("not a question of this test: " + body);
        }
        return Kind.valueOf(question.group(1));
    }

    private interface Step {
        void take(CutRun run) throws Exception;
    }

    private static void onAll(List<CutRun> runs, Step step) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (CutRun run : runs) {
                all.add(
                        threads.submit(
                                () -> {
                                    step.take(run);
                                    return run;
                                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private static Map<String, Long> onceEach(List<CutRun> runs) {
        return runs.stream().collect(Collectors.toMap(CutRun::question, _ -> 1L));
    }

    private static Map<String, Long> times(List<Served> asked) {
        return asked.stream()
                .map(one -> QUESTION.matcher(one.body()))
                .filter(Matcher::find)
                .map(Matcher::group)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    /// That the uncut reading is what the provider said, so that the comparison means something.
    private static void requireItsKind(CutRun run) {
        Joined.Answer said = run.uncut();
        switch (kind(run.question())) {
            case TEXT, LONG -> {
                assertTrue(said.text().contains("👩‍👩‍👧"), said.text());
                assertEquals("11+5+0>77$", said.usage().replaceAll("\\d+$", ""));
            }
            case REASONING ->
                    assertTrue(said.reasoning().startsWith("0Grüße 1日本語"), said.reasoning());
            case TOOLS -> {
                assertEquals("tool_calls", said.finishReason());
                assertEquals(3, said.calls().size());
                assertEquals("toolu_1 tool_1 {}", said.calls().get(1));
                assertTrue(said.calls().get(0).endsWith(",49,50]}"), said.calls().get(0));
            }
            case ERROR -> assertTrue(said.error().contains("too much to do"), said.error());
            case CANCELLED -> assertEquals("cancelled", said.error());
        }
    }

    private static long sum(List<CutRun> runs, ToLongFunction<CutRun> number) {
        return runs.stream().mapToLong(number).sum();
    }
}
