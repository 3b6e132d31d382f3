package dev.tandem.launch;

import dev.tandem.launch.Layer.Found;
import java.util.Optional;

/// A setting that was asked for: what the reference of the settings and `--print-settings` tell.
///
/// @param key as the reference names it, with `[]` for the elements of a list
/// @param ifAbsent its default, as an operator would write it; empty where it has none
/// @param found what is configured
/// @param secret whether its value must not be shown
record Setting(String key, String ifAbsent, Optional<Found> found, boolean secret) {
    /// `server.port = 8000 (default)`.
    String line() {
        String value = found.map(Found::text).orElse(ifAbsent);
        String origin = found.map(Found::origin).orElse("default");
        boolean hidden = secret && found.isPresent();
        return key + " = " + (hidden ? "***" : value) + " (" + origin + ")";
    }
}
