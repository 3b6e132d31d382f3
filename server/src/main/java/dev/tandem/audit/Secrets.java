package dev.tandem.audit;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What a secret looks like: by the name of its field, or by its own form.
final class Secrets {
    static final String HIDDEN = "[redacted]";

    private static final List<String> NAMES =
            List.of(
                    "password",
                    "passwd",
                    "passphrase",
                    "pwd",
                    "secret",
                    "token",
                    "apikey",
                    "accesskey",
                    "privatekey",
                    "signingkey",
                    "authorization",
                    "credential",
                    "cookie",
                    "bearer",
                    "connectionstring");

    /// Tokens of well-known services, tokens that describe themselves, and private keys.
    private static final Pattern FORMS =
            Pattern.compile(
                    "\\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}"
                            + "|\\bgh[pousr]_[A-Za-z0-9]{20,}"
                            + "|\\bgithub_pat_[A-Za-z0-9_]{20,}"
                            + "|\\bglpat-[A-Za-z0-9_-]{16,}"
                            + "|\\bxox[a-z]-[A-Za-z0-9-]{10,}"
                            + "|\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b"
                            + "|\\bAIza[A-Za-z0-9_-]{30,}"
                            + "|\\b(?:npm|hf)_[A-Za-z0-9]{20,}"
                            + "|\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*)?"
                            + "|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*-----)?");

    /// `Bearer …` and `Basic …`, as headers have them.
    private static final Pattern SCHEMES =
            Pattern.compile("(?i)\\b(bearer|basic)(\\s+)[A-Za-z0-9._~+/=-]{8,}");

    /// `https://user:password@host`.
    private static final Pattern USERS =
            Pattern.compile("(://[^/\\s:@]{0,256}:)[^@\\s/]{1,256}(@)");

    /// `password=…`, `"token": "…"`, `--api-key …` within a longer text.
    private static final Pattern ASSIGNED =
            Pattern.compile(
                    "(?i)((?:password|passwd|passphrase|secret|token|api[-_]?key|access[-_]?key"
                            + "|private[-_]?key|authorization)[\"']?\\s*[=:]\\s*)"
                            + "(\"[^\"]*\"|'[^']*'|(?!\\[redacted])[^\\s\"'&,;]+)");

    private Secrets() {}

    /// Whether a field of this name holds a secret. Counts of tokens are none.
    static boolean isNamed(String name, boolean number) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        if (number && plain.endsWith("tokens")) {
            return false;
        }
        return plain.equals("auth") || NAMES.stream().anyMatch(plain::contains);
    }

    /// A text without the secrets that are seen in it.
    static String hide(String text) {
        String hidden = FORMS.matcher(text).replaceAll(HIDDEN);
        hidden = SCHEMES.matcher(hidden).replaceAll("$1$2" + HIDDEN);
        hidden = USERS.matcher(hidden).replaceAll("$1" + HIDDEN + "$2");
        return ASSIGNED.matcher(hidden).replaceAll("$1" + HIDDEN);
    }
}
