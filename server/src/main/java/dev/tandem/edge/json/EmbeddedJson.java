package dev.tandem.edge.json;

import dev.tandem.failure.Failure;
import java.nio.charset.StandardCharsets;

/// JSON that is not ours, carried as text: it stays as it was written, but for line ends.
public final class EmbeddedJson {
    private EmbeddedJson() {}

    /// Writes the value that a text holds; null for an empty text, and the text itself where it is
    /// not JSON, as a model's unfinished arguments are not.
    public static void write(String text, JsonOut out) {
        if (text.isBlank()) {
            out.nothing();
        } else if (isJson(text)) {
            out.json(onOneLine(text.strip()));
        } else {
            out.value(text);
        }
    }

    static boolean isJson(String text) {
        try {
            JsonIn in = new JsonIn(text.getBytes(StandardCharsets.UTF_8));
            in.skip();
            in.end();
            return true;
        } catch (Failure malformed) {
            return false;
        }
    }

    /// In valid JSON line ends stand between values only, where a space is as good; in an event
    /// stream they would end the event.
    private static String onOneLine(String json) {
        return json.replace('\n', ' ').replace('\r', ' ');
    }
}
