package dev.tandem.mcp.stdio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.mcp.McpTransport;
import dev.tandem.mcp.McpTransport.Outgoing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs that behave badly.
final class StdioTransportTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir private Path folder;
    private final Ears ears = new Ears();

    @Test
    void endsWhatHasLostItsParentWhenItIsClosed() throws Exception {
        StdioTransport program = opened("sh -c 'sleep 1000 & echo $!'; read end");
        ProcessHandle orphan = process(ears.heard());

        program.close();

        assertEnds(orphan);
        assertEquals("it was stopped", ears.ended());
    }

    @Test
    void endsWhatHasLostItsParentWhenTheProgramDies() throws Exception {
        StdioTransport program = opened("sh -c 'sleep 1000 & echo $!'; read end; exit 3");
        ProcessHandle orphan = process(ears.heard());

        program.send(message("end"));

        assertEquals("it ended with 3", ears.ended());
        assertEnds(orphan);
        program.close();
    }

    @Test
    void endsWhatDoesNotWantToEnd() throws Exception {
        StdioTransport program =
                opened("trap '' TERM; sh -c \"trap '' TERM; sleep 1000 & echo \\$!; wait\"");
        ProcessHandle stubborn = process(ears.heard());

        program.close();

        assertEnds(stubborn);
        assertEnds(program.process().orElseThrow());
    }

    @Test
    void endsAlsoWhereWhoeverClosesItIsInAHurry() throws Exception {
        StdioTransport program = opened("trap '' TERM; sleep 1000 & echo $!; wait; wait");
        ProcessHandle child = process(ears.heard());

        Thread.currentThread().interrupt();
        program.close();

        assertTrue(Thread.interrupted());
        assertEnds(child);
        assertEnds(program.process().orElseThrow());
    }

    @Test
    void holdsNobodyWhereTheProgramReadsNothing() throws Exception {
        StdioTransport program = opened("echo up; sleep 1000");
        assertEquals("up", ears.heard());
        String megabyte = "x".repeat(1 << 20);

        IOException full =
                assertThrows(
                        IOException.class,
                        () -> {
                            for (int i = 0; i < 100; i++) {
                                program.send(message(megabyte));
                            }
                        });

        assertTrue(String.valueOf(full.getMessage()).contains("unread"), full::toString);
        program.close();
        assertThrows(IOException.class, () -> program.send(message("late")));
    }

    @RepeatedTest(50)
    void tellsThatTheProgramHasEndedBeforeItRefuses() throws Exception {
        AtomicReference<Optional<String>> told = new AtomicReference<>(Optional.empty());
        McpTransport.Receiver receiver =
                new McpTransport.Receiver() {
                    @Override
                    public void received(String message) {}

                    @Override
                    public void ended(String why) {
                        told.set(Optional.of(why));
                    }
                };
        try (StdioTransport program = program("exit 3")) {
            program.open(receiver);

            assertThrows(
                    IOException.class,
                    () -> {
                        while (true) {
                            program.send(message("hello"));
                        }
                    });

            assertEquals(Optional.of("it ended with 3"), told.get());
        }
    }

    @Test
    void startsAgainAfterItsEnd() throws Exception {
        StdioTransport program = opened("echo up; read end");
        assertEquals("up", ears.heard());
        program.send(message("end"));
        assertEquals("it ended with 0", ears.ended());

        program.open(ears);

        assertTrue(program.reopens());
        assertEquals("up", ears.heard());
        program.close();
        assertEquals("it was stopped", ears.ended());
        assertThrows(IOException.class, () -> program.open(ears));
    }

    @Test
    void keepsTheOrderOfWhatIsSent() throws Exception {
        StdioTransport program = opened("while read line; do echo \"$line\"; done");

        for (int i = 0; i < 1000; i++) {
            program.send(message(Integer.toString(i)));
        }

        for (int i = 0; i < 1000; i++) {
            assertEquals(Integer.toString(i), ears.heard());
        }
        program.close();
    }

    private StdioTransport opened(String script) throws IOException {
        StdioTransport transport = program(script);
        transport.open(ears);
        return transport;
    }

    private StdioTransport program(String script) {
        return new StdioTransport(new StdioCommand(List.of("sh", "-c", script), Map.of(), folder));
    }

    private static Outgoing message(String text) {
        return new Outgoing(text, OptionalLong.empty(), Optional.empty(), Optional.empty());
    }

    private static ProcessHandle process(String pid) {
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private static void assertEnds(ProcessHandle process) throws Exception {
        process.onExit().get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertFalse(process.isAlive());
    }

    /// Keeps what it hears.
    private static final class Ears implements McpTransport.Receiver {
        private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<String> ends = new LinkedBlockingQueue<>();

        @Override
        public void received(String message) {
            lines.add(message);
        }

        @Override
        public void ended(String why) {
            ends.add(why);
        }

        private String heard() throws InterruptedException {
            return String.valueOf(lines.poll(SOON.toSeconds(), TimeUnit.SECONDS));
        }

        private String ended() throws InterruptedException {
            return String.valueOf(ends.poll(SOON.toSeconds(), TimeUnit.SECONDS));
        }
    }
}
