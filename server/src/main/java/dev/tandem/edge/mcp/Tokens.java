package dev.tandem.edge.mcp;

import java.util.Base64;
import java.util.random.RandomGenerator;

/// Makes names that nobody can guess: 256 random bits as 43 letters, digits, `_` and `-`.
///
/// @param random cryptographically strong
record Tokens(RandomGenerator random) {
    private static final int BYTES = 32;

    String next() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
