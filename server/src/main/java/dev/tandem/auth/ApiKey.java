package dev.tandem.auth;

import dev.tandem.secret.Secret;

/// A key that opens the server, as the operator configured it.
///
/// @param name what logs and sums call it; unique
/// @param tenant whose things its holder sees
/// @param secret the key itself; only its hash is kept
/// @param admin whether its holder may do what only the operator may
public record ApiKey(String name, String tenant, Secret secret, boolean admin) {
    /// The shortest key that is accepted: shorter ones can be guessed.
    public static final int SECRET_CHARS_MIN = 16;

    /// A key without an admin's rights.
    public ApiKey(String name, String tenant, Secret secret) {
        this(name, tenant, secret, false);
    }

    public ApiKey {
        if (name.isBlank() || tenant.isBlank()) {
            throw new IllegalArgumentException("auth.keys: name and tenant must not be empty");
        }
        if (secret.reveal().length() < SECRET_CHARS_MIN) {
            throw new IllegalArgumentException(
                    "auth.keys: the key '"
                            + name
                            + "' must have at least "
                            + SECRET_CHARS_MIN
                            + " characters");
        }
    }
}
