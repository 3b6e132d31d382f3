package dev.tandem.storage.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.run.RunEvent.Bill;
import dev.tandem.approval.Approval;
import dev.tandem.approval.Approval.Decision;
import dev.tandem.approval.Approval.Remember;
import dev.tandem.approval.Approval.Request;
import dev.tandem.approval.Approval.State;
import dev.tandem.conversation.Content;
import dev.tandem.conversation.Message.Original;
import dev.tandem.conversation.Usage;
import dev.tandem.run.RunEvent;
import dev.tandem.tool.ToolProgress;
import java.time.Instant;
import java.util.OptionalDouble;
import dev.tandem.run.RunInfo;
import dev.tandem.storage.Samples;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RunEventJsonTest {
    private static final long SEED = 20_261_124;
    private static final int KINDS = 15;
    private static final RunInfo RUN = Samples.run(Samples.TENANT, Optional.empty()).info();

    private final Random random = new Random(SEED);

    @Test
    void everyEventComesBackAsItWas() {
        Set<Class<?>> kinds = new HashSet<>();
        for (int round = 0; round < 500; round++) {
            List<RunEvent> events = new ArrayList<>();
            for (int left = random.nextInt(1, 30); left > 0; left--) {
                events.add(event());
            }
            events.forEach(event -> kinds.add(event.getClass()));

            assertEquals(events, RunEventJson.read(RunEventJson.write(events), RUN));
        }
        assertEquals(KINDS, kinds.size());
    }

    private RunEvent event() {
        return switch (random.nextInt(KINDS)) {
            case 0 -> new RunEvent.Queued(random.nextInt());
            case 1 -> new RunEvent.Started(RUN);
            case 2 -> new RunEvent.Text(text());
            case 3 -> new RunEvent.Reasoning(text());
            case 4 -> new RunEvent.ToolCall(random.nextInt(1_000), text(), text());
            case 5 -> new RunEvent.ToolArguments(random.nextInt(1_000), text());
            case 6 -> new RunEvent.ToolUse(text(), text(), text());
            case 7 -> new RunEvent.ServerCall(text(), text(), text(), text());
            case 8 -> new RunEvent.ServerArguments(text(), text());
            case 9 -> new RunEvent.CallProgress(text(), progress());
            case 10 -> new RunEvent.ApprovalAsked(approval(Optional.empty()));
            case 11 -> new RunEvent.ApprovalDecided(approval(Optional.of(decision())));
            case 12 -> new RunEvent.Warned(text(), text());
            case 13 ->
                    new RunEvent.TurnStarted(
                            random.nextInt(1_000),
                            new Usage(1, 2, 3, random.nextLong(1L << 40), 5, 6),
                            random.nextBoolean()
                                    ? Optional.empty()
                                    : Optional.of(new Original(text(), text(), text())));
            default ->
                    new RunEvent.ToolResult(
                            text(), text(), text(), output(), random.nextBoolean(), took());
        };
    }

    private List<Content> output() {
        return switch (random.nextInt(3)) {
            case 0 -> List.of();
            case 1 -> List.of(new Content.Text(text()));
            default ->
                    List.of(
                            new Content.Text(text()),
                            new Content.Image(
                                    new Content.Source.Inline("image/png", "AAAA"),
                                    Optional.empty()));
        };
    }

    private ToolProgress progress() {
        return new ToolProgress(
                random.nextDouble(),
                random.nextBoolean() ? OptionalDouble.empty() : OptionalDouble.of(10.5),
                maybe());
    }

    private Optional<String> maybe() {
        return random.nextBoolean() ? Optional.empty() : Optional.of(text());
    }

    private Approval approval(Optional<Decision> decision) {
        Request request =
                switch (random.nextInt(4)) {
                    case 0 -> new Request.Call(text());
                    case 1 -> new Request.Form(text(), text());
                    case 2 -> new Request.Page(text(), text());
                    default -> new Request.Sampling(text(), text());
                };
        return new Approval(
                text(), text(), text(), maybe(), maybe(), maybe(), maybe(), text(), text(), text(),
                request, time(), time(), decision);
    }

    private Decision decision() {
        return new Decision(
                one(List.of(State.values())),
                maybe(),
                one(List.of(Remember.values())),
                maybe(),
                maybe(),
                time());
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private Instant time() {
        return Instant.ofEpochMilli(random.nextLong(1L << 40));
    }

    private Optional<Duration> took() {
        return random.nextBoolean()
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(random.nextLong(1L << 40)));
    }

    /// Anything that is text, what JSON must escape most of all.
    private String text() {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(40); left > 0; left--) {
            switch (random.nextInt(4)) {
                case 0 ->
                        text.append(
                                "\"\\/\u0000\u001f\n\r\t\u2028]}[{,".charAt(random.nextInt(14)));
                case 1 -> text.appendCodePoint(random.nextInt(0x1F300, 0x1F600));
                case 2 -> text.appendCodePoint(random.nextInt(0xA0, 0xD7FF));
                default -> text.append((char) random.nextInt(' ', 0x7f));
            }
        }
        return text.toString();
    }

    @Test
    void aVeryLongTextIsText() {
        List<RunEvent> long1 = List.of(new RunEvent.Text("é".repeat(25_000_000)));

        assertEquals(long1, RunEventJson.read(RunEventJson.write(long1), RUN));
    }

    @Test
    void anEndStandsInItsRun() {
        List<RunEvent> end = List.of(new RunEvent.Cancelled(Bill.NONE));

        assertThrows(IllegalArgumentException.class, () -> RunEventJson.write(end));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "[", "[[\"t\",\"a\"]", "[[\"z\"]]", "[[\"t\"]]", "[[\"t\",1]]"})
    void whatIsNotWholeIsSaidToBeSo(String broken) {
        UncheckedIOException told =
                assertThrows(UncheckedIOException.class, () -> RunEventJson.read(broken, RUN));

        assertTrue(told.toString().contains("not whole"), told.toString());
    }
}
