package dev.tandem.hub;

import java.util.Optional;

/// Hides what is stored, so that whoever reads the database alone cannot use it. Safe for use by
/// many threads.
public interface Seal {
    /// Seals a text.
    ///
    /// @param context what it belongs to; it opens for nothing else
    String seal(String plain, String context);

    /// What was sealed; empty where it was with another key, or for another context.
    Optional<String> open(String sealed, String context);
}
