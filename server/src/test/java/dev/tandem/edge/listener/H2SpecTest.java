package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The conformance test of HTTP/2 that everybody uses.
final class H2SpecTest {

    private static final int CASES = 145;

    /// What we do not pass, and why.
    private static final Set<String> MISSED = Set.of();

    private static final Pattern CASE =
            Pattern.compile("<testcase [^>]*classname=\"([^\"]*)\"[^>]*>\\s*<(failure|error)");

    /// Some cases race with the answer to their request, which on a busy machine may be whole
    /// before h2spec has sent what should have broken it: what is missed once is tried again.
    private static final int TRIES = 3;

    @Test
    void passesAllButTheNamedCases() throws Exception {
        String h2spec = Tool.go("github.com/summerwind/h2spec/cmd/h2spec", "v2.2.1+incompatible");
        Set<String> missed = new TreeSet<>(MISSED);
        StringBuilder said = new StringBuilder();
        for (int tries = 0; tries == 0 || (tries < TRIES && !missed.equals(MISSED)); tries++) {
            Set<String> now = missed(h2spec, said);
            if (tries == 0) {
                missed = now;
            } else {
                missed.retainAll(now);
            }
        }
        assertEquals(MISSED, missed, said.toString());
    }

    private static Set<String> missed(String h2spec, StringBuilder all) throws Exception {
        Path target = Path.of("target").toAbsolutePath();
        Path report = target.resolve("h2spec.xml");
        try (Subject subject = Subject.listener(Transport.NETTY)) {
            String said =
                    Tool.runs(
                            target,
                            h2spec,
                            "-h",
                            "127.0.0.1",
                            "-p",
                            Integer.toString(subject.port),
                            "-P",
                            "/hello",
                            "-o",
                            "2",
                            "-j",
                            report.toString());

            assertTrue(said.contains(CASES + " tests, "), said);
            all.append(said);
        }
        return missed(Files.readString(report));
    }

    private static Set<String> missed(String report) {
        Set<String> missed = new TreeSet<>();
        Matcher match = CASE.matcher(report);
        while (match.find()) {
            missed.add(match.group(1));
        }
        return missed;
    }
}
