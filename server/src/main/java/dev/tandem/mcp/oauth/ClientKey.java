package dev.tandem.mcp.oauth;

import dev.tandem.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// A private key that signs for a client. Never written out.
public final class ClientKey {
    private final PrivateKey key;
    private final Algorithm algorithm;
    private final Optional<String> id;

    /// What the algorithms of JOSE are called in Java.
    private enum Algorithm {
        ES256("EC", "SHA256withECDSAinP1363Format"),
        ES384("EC", "SHA384withECDSAinP1363Format"),
        RS256("RSA", "SHA256withRSA"),
        EDDSA("Ed25519", "Ed25519");

        private final String key;
        private final String signature;

        Algorithm(String key, String signature) {
            this.key = key;
            this.signature = signature;
        }

        String joseName() {
            return this == EDDSA ? "EdDSA" : name();
        }

        static Algorithm of(String joseName) {
            return Arrays.stream(values())
                    .filter(known -> known.joseName().equals(joseName))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new IllegalArgumentException(
                                            "a key's algorithm must be ES256, ES384, RS256 or"
                                                    + " EdDSA, was "
                                                    + joseName));
        }
    }

    private ClientKey(PrivateKey key, Algorithm algorithm, Optional<String> id) {
        this.key = key;
        this.algorithm = algorithm;
        this.id = id;
    }

    /// Reads a key.
    ///
    /// @param pem in PKCS #8, its lines joined by anything or nothing
    /// @param algorithm `ES256`, `ES384`, `RS256` or `EdDSA`
    /// @param id the `kid` that it has in the client's key set; empty for none
    /// @throws IllegalArgumentException where it is no such key; without the key in its text
    public static ClientKey of(Secret pem, String algorithm, Optional<String> id) {
        Algorithm known = Algorithm.of(algorithm);
        String body = pem.reveal().replaceAll("-----[A-Z ]+-----|\\s|\\\\n", "");
        try {
            PKCS8EncodedKeySpec bytes = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body));
            PrivateKey key = KeyFactory.getInstance(known.key).generatePrivate(bytes);
            return new ClientKey(key, known, id);
        } catch (IllegalArgumentException | GeneralSecurityException unreadable) {
            throw new IllegalArgumentException(
                    "a key must be a private key for " + algorithm + " in PKCS #8 PEM");
        }
    }

    String algorithm() {
        return algorithm.joseName();
    }

    Optional<String> id() {
        return id;
    }

    byte[] sign(String text) {
        try {
            Signature signature = Signature.getInstance(algorithm.signature);
            signature.initSign(key);
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException unusable) {
            throw new IllegalStateException("a client's key does not sign", unusable);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
