package dev.tandem.edge.listener;

import java.nio.file.Path;
import java.time.Duration;

/// Where the listener's certificate comes from.
///
/// @param certificate PEM file with the server's certificate and those that lead to its authority
/// @param privateKey PEM file with the certificate's private key, not encrypted
/// @param reloadInterval how often the files are looked at for new content; 10 s
public record TlsSettings(Path certificate, Path privateKey, Duration reloadInterval) {

    /// How often files are looked at, unless somebody says otherwise.
    public static final Duration RELOAD_INTERVAL = Duration.ofSeconds(10);

    public TlsSettings {
        if (!reloadInterval.isPositive()) {
            throw new IllegalArgumentException(
                    "tls.reload-interval must be longer than 0, was " + reloadInterval);
        }
    }
}
