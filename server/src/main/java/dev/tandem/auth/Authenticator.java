package dev.tandem.auth;

import java.util.Optional;

/// Tells who calls. Safe for use by many threads.
public interface Authenticator {
    /// Returns who holds a key.
    ///
    /// @param credential the key as it was sent; empty where none was
    /// @throws dev.tandem.failure.Failure UNAUTHORIZED where the server needs a key and this is
    ///     none of them
    Caller authenticate(Optional<String> credential);
}
