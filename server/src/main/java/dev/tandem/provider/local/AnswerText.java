package dev.tandem.provider.local;

import dev.tandem.conversation.AnswerFormat;
import dev.tandem.provider.StopText;
import java.util.List;
import java.util.Optional;

/// The text of an answer as it grows, cut where the answer ends: before a stop, after whole JSON.
final class AnswerText {
    private final boolean isJson;
    private final StopText stop;
    private final JsonEnd json = new JsonEnd();
    private final StringBuilder generated = new StringBuilder();

    AnswerText(AnswerFormat format, List<String> stops) {
        this.isJson = !(format instanceof AnswerFormat.Text);
        this.stop = new StopText(stops);
    }

    /// Takes another piece and returns what may be shown now.
    String feed(String piece) {
        generated.append(piece);
        return stop.feed(isJson ? json.feed(piece) : piece);
    }

    /// What was held back, when nothing more comes.
    String rest() {
        return stop.rest();
    }

    /// Whether the answer has ended, whatever more the model would say.
    boolean isOver() {
        return json.reached() || stop.found().isPresent();
    }

    /// The stop that ended it.
    Optional<String> stop() {
        return stop.found();
    }

    /// All that the model made, shown or not.
    String generated() {
        return generated.toString();
    }
}
