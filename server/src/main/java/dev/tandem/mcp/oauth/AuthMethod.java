package dev.tandem.mcp.oauth;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How a client proves who it is to the token endpoint.
enum AuthMethod {
    /// It does not: PKCE has to do.
    NONE("none"),
    BASIC("client_secret_basic"),
    POST("client_secret_post"),
    SIGNED("private_key_jwt");

    private final String word;

    AuthMethod(String word) {
        this.word = word;
    }

    /// As metadata writes it.
    String word() {
        return word;
    }

    static Optional<AuthMethod> of(String word) {
        return Arrays.stream(values()).filter(method -> method.word.equals(word)).findFirst();
    }

    /// The way for a client that has this.
    ///
    /// @param known to the authorization server; empty for what every server knows
    static AuthMethod choose(List<String> known, boolean secret, boolean key) {
        if (key) {
            return SIGNED;
        }
        if (!secret) {
            return NONE;
        }
        List<AuthMethod> best = List.of(BASIC, POST, NONE);
        return best.stream()
                .filter(method -> known.contains(method.word))
                .findFirst()
                .orElse(BASIC);
    }
}
