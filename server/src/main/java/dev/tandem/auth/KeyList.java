package dev.tandem.auth;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The keys of the configuration. Only their hashes are kept, and a look-up takes the same time
/// whichever key matches, or none. An empty list lets everybody in.
public final class KeyList implements Authenticator {
    private final Map<Caller, byte[]> hashes = new LinkedHashMap<>();

    /// @throws IllegalArgumentException where two keys share a name
    public KeyList(List<ApiKey> keys) {
        Set<String> names = new HashSet<>();
        for (ApiKey key : keys) {
            if (!names.add(key.name())) {
                throw new IllegalArgumentException(
                        "auth.keys: the name '" + key.name() + "' is used twice");
            }
            Caller caller = new Caller(key.tenant(), key.name(), key.admin());
            hashes.put(caller, hash(key.secret().reveal()));
        }
    }

    @Override
    public Caller authenticate(Optional<String> credential) {
        if (hashes.isEmpty()) {
            return Caller.ANONYMOUS;
        }
        if (credential.isEmpty()) {
            throw new Failure(
                    FailureCode.UNAUTHORIZED,
                    "This server needs a key: send Authorization: Bearer KEY, or x-api-key: KEY.");
        }
        byte[] hash = hash(credential.get());
        Caller found = null;
        for (Map.Entry<Caller, byte[]> key : hashes.entrySet()) {
            if (MessageDigest.isEqual(key.getValue(), hash)) {
                found = key.getKey();
            }
        }
        if (found == null) {
            throw new Failure(
                    FailureCode.UNAUTHORIZED,
                    "The key is not one of this server's; ask its operator for one.");
        }
        return found;
    }

    private static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
