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

    @Test
    void passesAllButTheNamedCases() throws Exception {
        String h2spec = Tool.go("github.com/summerwind/h2spec/cmd/h2spec", "v2.2.1+incompatible");
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
            assertEquals(MISSED, missed(Files.readString(report)), said);
        }
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
