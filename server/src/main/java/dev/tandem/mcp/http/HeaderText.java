package dev.tandem.mcp.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;

/// What may stand in a header of HTTP, and how MCP writes there what may not.
final class HeaderText {
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern PLAIN = Pattern.compile("[ -~]*");
    private static final Pattern VISIBLE = Pattern.compile("[!-~]+");
    private static final String BEFORE = "=?base64?";
    private static final String AFTER = "?=";

    private HeaderText() {}

    /// Whether a header may be named so.
    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /// Whether it is ASCII that can be printed; it may have spaces.
    static boolean isPlain(String text) {
        return PLAIN.matcher(text).matches();
    }

    /// Whether it is ASCII that can be seen, at least one character.
    static boolean isVisible(String text) {
        return VISIBLE.matcher(text).matches();
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// The text as the value of a header: as it is where that is safe, and else in Base64 between
    /// marks. Text that looks as if it stood between such marks is put between them, too.
    static String encoded(String text) {
        boolean marked = text.startsWith(BEFORE) && text.endsWith(AFTER);
        if (isPlain(text) && text.equals(text.strip()) && !marked) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return BEFORE + Base64.getEncoder().encodeToString(bytes) + AFTER;
    }
}
