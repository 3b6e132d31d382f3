package dev.tandem.toolbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.storage.ToolSamples;
import dev.tandem.tool.ToolSelection;
import dev.tandem.tool.ToolServer.Origin;
import dev.tandem.toolbox.PolicyRule.Decision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class OffersTest {
    private static final ToolboxSettings FEW =
            new ToolboxSettings(Duration.ofMillis(300), 3, Duration.ofSeconds(1), 1_000, 300, 2);

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private BoxBench bench;

    @BeforeEach
    void open() {
        bench = new BoxBench(folder);
        bench.source.server("files", "read", "write").server("web", "fetch", "read");
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void offersAllToolsInAStableOrder() throws InterruptedException {
        Offer offer = offer(ToolSelection.INHERIT);

        assertEquals(
                List.of("files__read", "files__write", "web__fetch", "web__read"), names(offer));
        assertEquals(List.of(), offer.warnings());
        assertEquals("web", offer.find("web__read").orElseThrow().serverId());
        assertEquals("read", offer.find("web__read").orElseThrow().definition().name());
    }

    @Test
    void nothingWhereItIsSwitchedOff() throws InterruptedException {
        assertEquals(
                Offer.NONE,
                offer(
                        new ToolSelection(
                                Optional.of(false),
                                List.of(),
                                List.of(),
                                List.of(),
                                Optional.empty())));
    }

    @Test
    void serversAreChosenByNameOrIdAndToolsByEitherName() throws InterruptedException {
        bench.source.server("files@proj_1", "files", Origin.PROJECT, "read");

        assertEquals(
                List.of("web__fetch", "web__read"), names(offer(of(List.of("web"), List.of()))));
        assertEquals(3, offer(of(List.of("files"), List.of())).tools().size());
        assertEquals(1, offer(of(List.of("files@proj_1"), List.of())).tools().size());
        assertEquals(
                List.of("files__read", "files__write", "web__read"),
                names(offer(of(List.of("files", "web"), List.of("read", "files__write")))).stream()
                        .filter(name -> !name.startsWith("files_") || name.startsWith("files__"))
                        .toList());
    }

    @Test
    void whatIsUnknownCostsAWarning() throws InterruptedException {
        Offer offer = offer(of(List.of("nobody", "files"), List.of("read", "fly")));

        assertEquals(List.of("files__read"), names(offer));
        assertEquals(
                List.of(
                        new Offer.Warning("nobody", "There is no server nobody."),
                        new Offer.Warning("fly", "No server offers a tool fly to this caller.")),
                offer.warnings());
    }

    @Test
    void aServerThatIsNotUpOrSlowCostsAWarning() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        bench.source
                .server(
                        "dead",
                        "dead",
                        Origin.USER,
                        () -> {
                            throw new Failure(FailureCode.UPSTREAM_UNAVAILABLE, "It is dead.");
                        })
                .server(
                        "odd",
                        "odd",
                        Origin.USER,
                        () -> {
                            throw new IllegalStateException("odd");
                        })
                .server(
                        "slow",
                        "slow",
                        Origin.USER,
                        () -> {
                            try {
                                never.await();
                                return List.of();
                            } finally {
                                stopped.countDown();
                            }
                        });

        Offer offer = offer(FEW, of(List.of("slow", "dead", "odd", "web"), List.of()));

        stopped.await();
        assertEquals(List.of("web__fetch", "web__read"), names(offer));
        assertEquals(
                List.of(
                        new Offer.Warning("dead", "It is dead."),
                        new Offer.Warning(
                                "odd", "The server could not tell its tools; the log says why."),
                        new Offer.Warning("slow", "The server did not tell its tools in time.")),
                offer.warnings());
    }

    @Test
    void tooManyAreCutAfterThoseWithPriority() throws InterruptedException {
        ToolSelection first =
                new ToolSelection(
                        Optional.empty(), List.of(), List.of(), List.of("web"), Optional.empty());

        Offer offer = offer(FEW, first);

        assertEquals(List.of("web__fetch", "web__read", "files__read"), names(offer));
        assertEquals(
                List.of(
                        new Offer.Warning(
                                "files",
                                "1 of its tools were left out, for an offer has at most 3; choose"
                                        + " servers or tools, or give this one priority.")),
                offer.warnings());
    }

    @Test
    void whatTheOperatorForbidsIsNotOffered() throws InterruptedException {
        ToolPolicy policy = new ToolPolicy(List.of(new PolicyRule("files", "w*", Decision.DENY)));

        Offer offer =
                bench.box(policy, BoxBench.SETTINGS, Optional.empty())
                        .offer(ToolSamples.SCOPE, ToolSelection.INHERIT);

        assertEquals(List.of("files__read", "web__fetch", "web__read"), names(offer));
    }

    @Test
    void pluginsKeepTheirOwnNamesWhereTheyCan() throws InterruptedException {
        bench.source
                .server("clock", "clock", Origin.PLUGIN, "now", "a.b", "search")
                .server("notes", "notes", Origin.PLUGIN, "search", "note");

        assertEquals(
                List.of("clock__a_b", "now", "clock__search", "note", "notes__search"),
                names(offer(of(List.of("clock", "notes"), List.of()))));
    }

    @Test
    void toolsKeepTheirNamesWhileOtherServersComeAndGo() throws InterruptedException {
        boolean[] up = {true};
        bench.source
                .server(
                        "mail",
                        "mail",
                        Origin.USER,
                        () -> {
                            if (up[0]) {
                                return List.of(FakeSource.tool("send", "Sends.", false));
                            }
                            throw new Failure(FailureCode.UPSTREAM_UNAVAILABLE, "It is away.");
                        })
                .server("mail@proj_1", "mail", Origin.PROJECT, "send");
        List<String> before = names(offer(of(List.of("mail@proj_1"), List.of())));

        up[0] = false;

        assertEquals(before, names(offer(of(List.of("mail"), List.of()))));
    }

    @Test
    void aHundredServersAreAskedAtOnce() throws InterruptedException {
        CountDownLatch all = new CountDownLatch(100);
        IntStream.range(0, 100)
                .forEach(
                        i ->
                                bench.source.server(
                                        "s" + i,
                                        "s" + i,
                                        Origin.USER,
                                        () -> {
                                            all.countDown();
                                            all.await();
                                            return List.of(FakeSource.tool("t", "Does t.", true));
                                        }));

        Offer offer = offer(ToolSelection.INHERIT);

        assertEquals(104, offer.tools().size());
        assertTrue(offer.warnings().isEmpty(), () -> offer.warnings().toString());
    }

    private Offer offer(ToolSelection selection) throws InterruptedException {
        return offer(BoxBench.SETTINGS, selection);
    }

    private Offer offer(ToolboxSettings settings, ToolSelection selection)
            throws InterruptedException {
        return bench.box(ToolPolicy.HINTS, settings, Optional.empty())
                .offer(ToolSamples.SCOPE, selection);
    }

    private static ToolSelection of(List<String> servers, List<String> tools) {
        return new ToolSelection(Optional.empty(), servers, tools, List.of(), Optional.empty());
    }

    private static List<String> names(Offer offer) {
        return offer.tools().stream().map(OfferedTool::name).toList();
    }
}
