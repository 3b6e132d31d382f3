package dev.tandem.provider.local;

/// Sees where a JSON object in a streamed text ends. Small models go on with white space after it,
/// which their grammar allows, until they may say no more.
final class JsonEnd {
    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean reached;

    /// Takes another piece of text and returns what of it is before the end.
    String feed(String piece) {
        int at = 0;
        while (at < piece.length() && !reached) {
            take(piece.charAt(at));
            at++;
        }
        return piece.substring(0, at);
    }

    /// Whether the object is whole.
    boolean reached() {
        return reached;
    }

    private void take(char character) {
        if (escaped) {
            escaped = false;
        } else if (character == '\\') {
            escaped = inString;
        } else if (character == '"') {
            inString = !inString;
        } else if (!inString) {
            depth += nesting(character);
            reached = character == '}' && depth == 0;
        }
    }

    private static int nesting(char character) {
        return switch (character) {
            case '{', '[' -> 1;
            case '}', ']' -> -1;
            default -> 0;
        };
    }
}
