package dev.tandem.provider;

import java.util.List;
import java.util.Optional;

/// Ends a streamed text before the first of the texts that end an answer, also where one is spread
/// over several pieces. Not safe for use by several threads.
public final class StopText {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private Optional<String> found = Optional.empty();

    /// Watches for the texts that end an answer.
    ///
    /// @param stops the texts that end an answer; empty ones mean nothing
    public StopText(List<String> stops) {
        this.stops = stops.stream().filter(stop -> !stop.isEmpty()).toList();
    }

    /// Takes another piece and returns what may be shown now: what could still become a stop is
    /// held back. Nothing more comes once [#found()] has a value.
    public String feed(String piece) {
        if (found.isPresent()) {
            return "";
        }
        held.append(piece);
        int end = held.length() + 1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0 && at < end) {
                end = at;
                found = Optional.of(stop);
            }
        }
        return release(found.isPresent() ? end : held.length() - undecided());
    }

    /// What was held back, when nothing more comes.
    public String rest() {
        return found.isPresent() ? "" : release(held.length());
    }

    /// The text that ended the answer.
    public Optional<String> found() {
        return found;
    }

    private String release(int length) {
        String text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }

    /// The longest end of the held text that begins a stop.
    private int undecided() {
        int longest = 0;
        for (String stop : stops) {
            for (int size = Math.min(stop.length() - 1, held.length()); size > longest; size--) {
                if (stop.startsWith(held.substring(held.length() - size))) {
                    longest = size;
                }
            }
        }
        return longest;
    }
}
