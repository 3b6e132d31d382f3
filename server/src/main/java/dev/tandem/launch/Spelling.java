package dev.tandem.launch;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Guesses what a misspelt key was meant to be.
final class Spelling {
    private Spelling() {}

    /// The known key that is nearest: a few letters away, or the same word in another section.
    static Optional<String> nearest(String key, Collection<String> known) {
        int reach = Math.max(2, key.length() / 4);
        Optional<String> similar =
                known.stream()
                        .filter(candidate -> distance(key, candidate) <= reach)
                        .min(Comparator.comparingInt(candidate -> distance(key, candidate)));
        return similar.or(
                () ->
                        known.stream()
                                .filter(candidate -> lastWord(candidate).equals(lastWord(key)))
                                .findFirst());
    }

    private static String lastWord(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /// How many letters must be put in, taken out or changed to make one of the other.
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                int best = Math.min(diagonal + change, Math.min(row[j], row[j - 1]) + 1);
                diagonal = row[j];
                row[j] = best;
            }
        }
        return row[other.length()];
    }
}
