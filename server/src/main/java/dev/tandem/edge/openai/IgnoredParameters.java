package dev.tandem.edge.openai;

import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;

/// The names of what a request asked for and will not get. Sorted, each once.
final class IgnoredParameters {
    static final String HEADER = "x-tandem-ignored-params";

    private static final int NAMES_MAX = 50;
    private static final int NAME_MAX = 64;

    private final TreeSet<String> names = new TreeSet<>();

    /// Takes a name or a path, whose positions do not matter: `messages[3].mood` becomes
    /// `messages.mood`.
    void add(String path) {
        if (names.size() < NAMES_MAX) {
            names.add(printable(path.replaceAll("\\[[0-9]+]", "")));
        }
    }

    void addAll(Collection<String> paths) {
        paths.forEach(this::add);
    }

    Collection<String> names() {
        return names;
    }

    /// What the header says; empty where nothing was ignored.
    Optional<String> header() {
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join(",", names));
    }

    private static String printable(String name) {
        String cut = name.length() <= NAME_MAX ? name : name.substring(0, NAME_MAX);
        return cut.replaceAll("[^!-+\\--~]", "_");
    }
}
