package dev.tandem.launch;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What happened in a soak, counted by kind. Safe for use by many threads.
final class SoakTally {
    private final Map<String, Integer> sessions = new TreeMap<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private int calls;

    synchronized void session(String kind) {
        sessions.merge(kind, 1, Integer::sum);
    }

    synchronized void call() {
        calls++;
    }

    /// What a tool or a warning says that it is, instead of what was asked for.
    synchronized void failure(String text) {
        failures.merge(kind(text), 1, Integer::sum);
    }

    synchronized int calls() {
        return calls;
    }

    synchronized int sessions() {
        return sessions.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// Failures that no killed process, full place or cancelled run explains.
    synchronized Map<String, Integer> unexplained() {
        return failures.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("other"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static String kind(String text) {
        if (text.contains("As many MCP servers")) {
            return "no place for a process";
        }
        if (text.contains("is gone")) {
            return "killed meanwhile";
        }
        if (text.contains("does not come up")) {
            return "waits for its next start";
        }
        if (text.contains("was stopped meanwhile")) {
            return "stopped meanwhile";
        }
        return text.contains("may not be called") || text.contains("denied")
                ? "denied"
                : "other: " + text;
    }

    synchronized String lines() {
        return lines("sessions", sessions) + lines("failures", failures);
    }

    private static String lines(String what, Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(
                        entry ->
                                String.format(
                                        Locale.ROOT,
                                        "| %s: %s | %,d |%n",
                                        what,
                                        entry.getKey(),
                                        entry.getValue()))
                .collect(Collectors.joining());
    }
}
