package dev.tandem.launch;

import dev.tandem.launch.Layer.Found;
import dev.tandem.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a secret from where a setting says it is. No message holds the secret.
record SecretReader(Configuration all, String key) {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");

    /// @param outright the secret, or `${VARIABLE}`
    /// @param file the name of a file that holds it
    Optional<Secret> read(Optional<Found> outright, Optional<Found> file) {
        if (outright.isPresent() && file.isPresent()) {
            throw new SettingsException(
                    "%s: %s and %s-file are both set; keep one"
                            .formatted(outright.get().origin(), key, key));
        }
        return outright.map(this::fromText).or(() -> file.map(this::fromFile));
    }

    private Secret fromText(Found found) {
        Matcher variable = VARIABLE.matcher(found.text());
        if (!variable.matches()) {
            return secret(found, key, found.text());
        }
        String name = variable.group(1);
        return all.variable(name)
                .map(value -> secret(found, key, value))
                .orElseThrow(
                        () ->
                                new SettingsException(
                                        "%s: %s is ${%s}, but the environment has no %s"
                                                .formatted(found.origin(), key, name, name)));
    }

    private Secret fromFile(Found found) {
        try {
            return secret(found, key + "-file", Files.readString(Path.of(found.text())).strip());
        } catch (IOException unreadable) {
            throw new SettingsException(
                    "%s: %s-file names %s, which cannot be read"
                            .formatted(found.origin(), key, found.text()),
                    unreadable);
        }
    }

    private static Secret secret(Found found, String key, String text) {
        try {
            return new Secret(text);
        } catch (IllegalArgumentException notAKey) {
            throw new SettingsException(
                    "%s: %s: %s".formatted(found.origin(), key, notAKey.getMessage()), notAKey);
        }
    }
}
