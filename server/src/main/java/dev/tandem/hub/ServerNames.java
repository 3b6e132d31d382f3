package dev.tandem.hub;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Names that tools can be named after: 1 to 64 letters, digits, `_` and `-`.
public final class ServerNames {
    /// What a legal name looks like.
    public static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private static final int CHARS_MAX = 64;

    private ServerNames() {}

    /// Legal names for those that stand in one file, each with one of its own: what is legal stays,
    /// in others `_` stands for what is not, with a number behind where that name is taken.
    static Map<String, String> legal(Collection<String> written) {
        Set<String> taken = new HashSet<>();
        Map<String, String> legal = new LinkedHashMap<>();
        for (String name : written) {
            if (LEGAL.matcher(name).matches()) {
                taken.add(name);
                legal.put(name, name);
            }
        }
        for (String name : written) {
            legal.computeIfAbsent(name, other -> free(other, taken));
        }
        return legal;
    }

    private static String free(String name, Set<String> taken) {
        String plain = name.replaceAll("[^A-Za-z0-9_-]", "_");
        String wanted = plain.isEmpty() ? "server" : cut(plain, CHARS_MAX);
        String free = wanted;
        for (int number = 2; !taken.add(free); number++) {
            String suffix = "_" + number;
            free = cut(wanted, CHARS_MAX - suffix.length()) + suffix;
        }
        return free;
    }

    private static String cut(String text, int charsMax) {
        return text.length() <= charsMax ? text : text.substring(0, charsMax);
    }
}
