package dev.tandem.mcp.oauth;

import java.security.SecureRandom;
import java.util.Base64;

/// Text that nobody guesses.
final class RandomText {
    private static final int BYTES = 32;

    private final SecureRandom random = new SecureRandom();

    /// 43 characters of 256 random bits, fit for a URL.
    String next() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
