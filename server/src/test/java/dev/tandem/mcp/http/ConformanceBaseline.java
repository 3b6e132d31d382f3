package dev.tandem.mcp.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which scenarios of a suite are expected to fail, and which are left out, each with its reason.
///
/// @param expected scenarios, or beginnings of their names that end in `*`, with their reasons
/// @param leftOut the same
record ConformanceBaseline(Map<String, String> expected, Map<String, String> leftOut) {
    private static final Pattern SECTION = Pattern.compile("(expected-failures|left-out):");
    private static final Pattern ENTRY = Pattern.compile("  (\\S+): (\\S.*)");

    /// @throws IllegalStateException where a line is neither a section nor a name with a reason
    static ConformanceBaseline read(Path file) throws IOException {
        Map<String, String> expected = new HashMap<>();
        Map<String, String> leftOut = new HashMap<>();
        Map<String, String> section = expected;
        for (String line : Files.readAllLines(file)) {
            Matcher heading = SECTION.matcher(line);
            Matcher entry = ENTRY.matcher(line);
            if (heading.matches()) {
                section = heading.group(1).equals("left-out") ? leftOut : expected;
            } else if (entry.matches()) {
                section.put(entry.group(1), entry.group(2));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                throw new IllegalStateException(file + ": a name needs a reason: " + line);
            }
        }
        return new ConformanceBaseline(expected, leftOut);
    }

    boolean expectsToFail(String scenario) {
        return has(expected, scenario);
    }

    boolean leavesOut(String scenario) {
        return has(leftOut, scenario);
    }

    private static boolean has(Map<String, String> names, String scenario) {
        return names.keySet().stream()
                .anyMatch(
                        name ->
                                name.endsWith("*")
                                        ? scenario.startsWith(name.substring(0, name.length() - 1))
                                        : scenario.equals(name));
    }
}
