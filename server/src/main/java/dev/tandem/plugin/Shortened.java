package dev.tandem.plugin;

/// Texts of others, cut to what may be told on.
final class Shortened {
    private Shortened() {}

    /// The text, or its beginning and `…`.
    static String text(String whole, int charsMax) {
        if (whole.length() <= charsMax) {
            return whole;
        }
        int end = Character.isHighSurrogate(whole.charAt(charsMax - 1)) ? charsMax - 1 : charsMax;
        return whole.substring(0, end) + "…";
    }
}
