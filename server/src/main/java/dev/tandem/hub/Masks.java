package dev.tandem.hub;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tandem.hub.ServerDeclaration.Program;
import dev.tandem.hub.ServerDeclaration.Remote;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Hides the secrets of one server in texts that people read. What is short is no secret, unless
/// its name says so: who hides every `1` hides nothing. What a server answers is what it is there
/// for, so only what is a secret by its name is hidden there.
final class Masks {
    static final Masks NONE = new Masks(Set.of(), Set.of());

    private static final int CHARS_MIN = 8;
    private static final int NAMED_CHARS_MIN = 3;
    private static final Pattern SECRET_NAME =
            Pattern.compile(".*(key|token|secret|password|passwd|auth|credential|cookie).*");
    private static final Pattern CERTAIN_NAME =
            Pattern.compile(
                    ".*(token|secret|password|passwd|credential|credentials|authorization|cookie)"
                            + "|(.*(api|access|private|secret|signing)[_-]?|x-)?key");

    private final List<String> secrets;
    private final List<String> certain;

    private Masks(Collection<String> secrets, Collection<String> certain) {
        this.secrets = longestFirst(secrets);
        this.certain = longestFirst(certain);
    }

    private static List<String> longestFirst(Collection<String> texts) {
        return texts.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
    }

    /// @param expanded the declaration with its variables filled in
    /// @param filledIn what they held
    static Masks of(ServerDeclaration expanded, Map<String, String> filledIn) {
        Collected all = new Collected();
        switch (expanded) {
            case Program program -> program.environment().forEach(all::named);
            case Remote remote -> {
                remote.headers().forEach(all::named);
                remote.oauth().clientSecret().ifPresent(secret -> all.named("secret", secret));
                all.query(remote.url().replaceFirst("^[^?]*\\??", ""));
            }
        }
        filledIn.forEach(all::filledIn);
        return new Masks(all.secrets, all.certain);
    }

    /// These and what is sent as a header `Authorization`.
    Masks and(String authorization) {
        if (certain.contains(authorization)) {
            return this;
        }
        Collected all = new Collected();
        all.secrets.addAll(secrets);
        all.certain.addAll(certain);
        all.named("authorization", authorization);
        return new Masks(all.secrets, all.certain);
    }

    /// A text of the server's about itself, such as a line of its log, without secrets.
    String mask(String text) {
        return without(secrets, text);
    }

    /// What the server answers, without what is certainly a secret; also JSON as text.
    String scrub(String answer) {
        return without(certain, answer);
    }

    private static String without(List<String> secrets, String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, "***");
        }
        return clean;
    }

    /// Secrets that are being collected.
    private static final class Collected {
        final Set<String> secrets = new HashSet<>();
        final Set<String> certain = new HashSet<>();

        void named(String name, String value) {
            add(name, value);
            // `Bearer abc`: the word before the secret is none
            add(name, value.substring(value.lastIndexOf(' ') + 1));
        }

        private void add(String name, String value) {
            String lower = name.toLowerCase(Locale.ROOT);
            boolean secret = SECRET_NAME.matcher(lower).matches();
            put(secrets, value, secret ? NAMED_CHARS_MIN : CHARS_MIN);
            if (CERTAIN_NAME.matcher(lower).matches()) {
                put(certain, value, CHARS_MIN);
            }
        }

        void filledIn(String name, String value) {
            put(secrets, value, CHARS_MIN);
            if (CERTAIN_NAME.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
                put(certain, value, CHARS_MIN);
            }
        }

        void query(String query) {
            put(secrets, query, CHARS_MIN);
            for (String parameter : query.split("&", -1)) {
                List<String> parts = new ArrayList<>(List.of(parameter.split("=", 2)));
                if (parts.size() == 2) {
                    named(parts.getFirst(), parts.getLast());
                    named(parts.getFirst(), decoded(parts.getLast()));
                }
            }
        }

        private static String decoded(String text) {
            try {
                return URLDecoder.decode(text, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException malformed) {
                return text;
            }
        }

        /// Texts stand in JSON, too.
        private static void put(Set<String> set, String value, int charsMin) {
            if (value.length() >= charsMin) {
                set.add(value);
                set.add(String.valueOf(JsonStringEncoder.getInstance().quoteAsString(value)));
            }
        }
    }
}
