package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.fail;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The same table of behaviours for each gRPC server: ours, the one of grpc-java that says what is
/// right, and Helidon's with what it is known to fail.
final class GrpcConformanceTest {

    private static final List<Behaviour> TABLE =
            Stream.concat(CallBehaviours.all().stream(), StreamBehaviours.all().stream()).toList();

    /// The day one of these passes, this list has to be shortened; the day it is empty, our own
    /// transport can go.
    private static final Set<String> HELIDON_FAILS =
            Set.of(
                    "fails with a message in any script",
                    "serves on after a message in any script",
                    "turns a thrown status into UNKNOWN",
                    "turns an exception into UNKNOWN",
                    "turns an error into UNKNOWN",
                    "throws midway",
                    "throws in a bidirectional call",
                    "tells the service its deadline",
                    "carries several binary values",
                    "refuses a request above the limit",
                    "refuses a request that unpacks above the limit",
                    "cancels the context of a call at its deadline",
                    "cancels the context of a blocked service",
                    "tells an emitting service of a lost connection",
                    "tells a silent service of a lost connection",
                    "cancels the context of a blocked service on a lost connection",
                    "keeps to the window of the connection",
                    "never deadlocks on a full window",
                    "outlives 60 cancels beside a stream",
                    "takes data after a reset",
                    "finishes after the client's GOAWAY",
                    "refuses a stream above the limit alone");

    /// Our listener does better: it tells the client what was wrong.
    private static final Set<String> GRPC_JAVA_FAILS =
            Set.of("refuses a request that unpacks above the limit");

    /// Opens a server for one behaviour.
    private interface Open {
        Subject open() throws IOException;
    }

    @TestFactory
    Stream<DynamicTest> ourListener() {
        return rows(() -> Subject.listener(Transport.NETTY), Set.of());
    }

    @TestFactory
    Stream<DynamicTest> grpcJavasServer() {
        return rows(Subject::grpcNetty, GRPC_JAVA_FAILS);
    }

    @TestFactory
    Stream<DynamicTest> helidonsServer() {
        return rows(() -> Subject.listener(Transport.HELIDON), HELIDON_FAILS);
    }

    private static Stream<DynamicTest> rows(Open open, Set<String> knownFailures) {
        return TABLE.stream().map(row -> test(row, open, knownFailures.contains(row.name())));
    }

    private static DynamicTest test(Behaviour row, Open open, boolean fails) {
        return fails
                ? dynamicTest("fails: " + row.name(), () -> checkStillFails(row, open))
                : dynamicTest(row.name(), () -> check(row, open, Duration.ofSeconds(10)));
    }

    @Test
    void theKnownFailuresAreRowsOfTheTable() {
        Set<String> names = TABLE.stream().map(Behaviour::name).collect(Collectors.toSet());

        assertEquals(TABLE.size(), names.size(), "two rows have one name");
        assertEquals(
                Set.of(),
                Stream.concat(HELIDON_FAILS.stream(), GRPC_JAVA_FAILS.stream())
                        .filter(name -> !names.contains(name))
                        .collect(Collectors.toSet()));
    }

    /// Some of Helidon's failures are races: one lost in five tries is a failure still.
    private static void checkStillFails(Behaviour row, Open open) {
        for (int attempt = 0; attempt < 5; attempt++) {
            if (!passes(row, open)) {
                return;
            }
        }
        fail("it does this now: take it off the list of known failures");
    }

    private static boolean passes(Behaviour row, Open open) {
        try {
            check(row, open, Duration.ofSeconds(1));
            return true;
        } catch (Exception | AssertionError e) {
            return false;
        }
    }

    private static void check(Behaviour row, Open open, Duration limit) throws Exception {
        try (Subject subject = open.open()) {
            assertTimeoutPreemptively(limit, () -> row.check().run(subject));
        }
    }
}
