package dev.tandem.plugin;

import java.util.regex.Pattern;

/// What plugins and their tools may be called, so that every provider takes the names.
final class PluginNames {
    /// The longest name of a plugin: it stands before those of its tools.
    static final int PLUGIN_CHARS_MAX = 32;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

    private PluginNames() {}

    /// @throws IllegalArgumentException where it is none
    static void check(String what, String name, int charsMax) {
        if (!NAME.matcher(name).matches() || name.length() > charsMax) {
            throw new IllegalArgumentException(
                    "%s must be 1 to %d letters, digits, _ and -, was '%s'"
                            .formatted(what, charsMax, Shortened.text(name, charsMax)));
        }
    }

    /// @throws IllegalArgumentException where it is none
    static void checkPlugin(String name) {
        check("a plugin's name", name, PLUGIN_CHARS_MAX);
        if (name.contains("__")) {
            throw new IllegalArgumentException(
                    "a plugin's name must not have __, which ends it in the names of its tools,"
                            + " was '"
                            + name
                            + "'");
        }
    }
}
