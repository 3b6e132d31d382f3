package dev.tandem.hub;

import dev.tandem.hub.ServerDeclaration.Program;
import dev.tandem.hub.ServerDeclaration.Remote;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Hides the secrets of one server in texts that people read. What is short is no secret, unless
/// its name says so: who hides every `1` hides nothing.
final class Masks {
    static final Masks NONE = new Masks(List.of());

    private static final int CHARS_MIN = 8;
    private static final int NAMED_CHARS_MIN = 3;
    private static final Pattern SECRET_NAME =
            Pattern.compile(".*(key|token|secret|password|passwd|auth|credential|cookie).*");

    private final List<String> secrets;

    private Masks(Collection<String> secrets) {
        this.secrets =
                secrets.stream()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .toList();
    }

    /// @param expanded the declaration with its variables filled in
    /// @param filledIn what they held
    static Masks of(ServerDeclaration expanded, Set<String> filledIn) {
        Set<String> secrets = new TreeSet<>();
        switch (expanded) {
            case Program program -> collect(program.environment(), secrets);
            case Remote remote -> {
                collect(remote.headers(), secrets);
                remote.oauth()
                        .clientSecret()
                        .ifPresent(secret -> add(secret, NAMED_CHARS_MIN, secrets));
                add(remote.url().replaceFirst("^[^?]*\\??", ""), CHARS_MIN, secrets);
            }
        }
        filledIn.forEach(value -> add(value, CHARS_MIN, secrets));
        return new Masks(secrets);
    }

    private static void collect(Map<String, String> named, Set<String> secrets) {
        named.forEach(
                (name, value) -> {
                    boolean secret = SECRET_NAME.matcher(name.toLowerCase(Locale.ROOT)).matches();
                    int charsMin = secret ? NAMED_CHARS_MIN : CHARS_MIN;
                    add(value, charsMin, secrets);
                    // `Bearer abc`: the word before the secret is none
                    add(value.substring(value.lastIndexOf(' ') + 1), charsMin, secrets);
                });
    }

    private static void add(String value, int charsMin, Set<String> secrets) {
        if (value.length() >= charsMin) {
            secrets.add(value);
        }
    }

    String mask(String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, "***");
        }
        return masked;
    }
}
