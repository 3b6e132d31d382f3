package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Clients that mean harm. They lose what they took, the heap stays bounded, and others are served
/// nearly as fast as before. What was seen is written to a table.
final class AttackTableTest {

    private static final Path TABLE = Path.of("target/attacks.md");

    /// Below this a wait is as good as none on a machine that runs attacker and victim both.
    private static final Duration SHORT = Duration.ofMillis(20);

    private static final List<String> ROWS = new ArrayList<>();

    private static Subject subject;
    private static Bystander bystander;

    @BeforeAll
    static void start() throws Exception {
        subject = Subject.listener(TestSettings.besieged());
        bystander = new Bystander(subject);
        bystander.median();
        bystander.median();
    }

    @AfterAll
    static void writeTableAndStop() throws Exception {
        bystander.close();
        subject.close();
        ROWS.addFirst("| --- | --- | --- | --- | --- |");
        ROWS.addFirst("| attack | what comes of it | after | heap grows by | others wait |");
        Files.write(TABLE, ROWS);
    }

    @TestFactory
    Stream<DynamicTest> attacks() {
        return Stream.of(Http1Attacks.all(), Http2Attacks.all(), WindowAttacks.all())
                .flatMap(List::stream)
                .map(attack -> dynamicTest(attack.name(), () -> check(attack)));
    }

    private static void check(Attack attack) throws Exception {
        subject.events.clear();
        Duration calm = bystander.median();
        long heap = heapBytes();
        HeapPeak peak = new HeapPeak();
        long begin = System.nanoTime();
        String end =
                assertTimeoutPreemptively(
                        Duration.ofSeconds(25), () -> attack.run().run(subject), attack.name());
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        long growth = Math.max(0, peak.end() - heap);
        Duration attacked = bystander.median();
        ROWS.add(
                String.format(
                        Locale.ROOT,
                        "| %s | %s | %.1f s | %d MB | %.1f → %.1f ms |",
                        attack.name(),
                        end,
                        took.toMillis() / 1000.0,
                        growth >> 20,
                        millis(calm),
                        millis(attacked)));

        assertTrue(end.matches(attack.end()), end);
        assertTrue(growth < attack.heapBytesMax(), "heap grew by " + growth);
        assertTrue(
                attacked.compareTo(SHORT) < 0 || attacked.compareTo(calm.multipliedBy(2)) < 0,
                "others waited for " + attacked + " instead of " + calm);
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    private static long heapBytes() throws IOException {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
