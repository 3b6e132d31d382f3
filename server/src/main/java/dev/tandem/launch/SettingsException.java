package dev.tandem.launch;

import java.io.Serial;

/// A setting that stops the start. Its message is one line for the operator: where the setting
/// stands, its key, what is wrong with it and what to do.
final class SettingsException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    SettingsException(String message) {
        super(message);
    }

    SettingsException(String message, Throwable cause) {
        super(message, cause);
    }
}
