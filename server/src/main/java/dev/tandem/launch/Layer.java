package dev.tandem.launch;

import java.util.Optional;
import java.util.Set;

/// One of the places that settings come from: the command line, the environment, the file.
interface Layer {
    /// The text of a setting.
    Optional<Found> find(String key);

    /// The names directly below a key: `0`, `1` … below a list, or free names.
    Set<String> below(String key);

    /// What stands here although nobody has read it, in the order in which it stands.
    ///
    /// @param read the keys that were read
    Iterable<Stray> strays(Set<String> read);

    /// A text and where it stands, such as `tandem.yaml` or `environment PORT`.
    record Found(String origin, String text) {}

    /// A key or a variable that is not a setting.
    ///
    /// @param name as the operator wrote it
    /// @param key the setting that it would be
    record Stray(String origin, String name, String key) {}
}
