package dev.tandem.plugin;

import dev.tandem.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs what is posted, as Standard Webhooks 1.0.0 says (github.com/standard-webhooks, "Signature
/// scheme", symmetric): HMAC-SHA256 over `id.timestamp.body`. Safe for use by many threads.
final class WebhookSigner {
    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES_MIN = 24;
    private static final int KEY_BYTES_MAX = 64;

    private final SecretKeySpec key;

    /// @throws IllegalArgumentException where it is no secret of the scheme's; it does not tell it
    WebhookSigner(Secret secret) {
        byte[] bytes = decoded(secret.reveal());
        if (bytes.length < KEY_BYTES_MIN || bytes.length > KEY_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "plugins.webhooks.secret must be whsec_ and %d to %d bytes in base64; make one"
                                    .formatted(KEY_BYTES_MIN, KEY_BYTES_MAX)
                            + " with: echo whsec_$(openssl rand -base64 32)");
        }
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /// @throws IllegalArgumentException as the constructor
    static void check(Secret secret) {
        WebhookSigner _ = new WebhookSigner(secret);
    }

    /// The header `webhook-signature`.
    ///
    /// @param id and
    /// @param timestamp the headers of these names; no `.` in them
    String sign(String id, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java has " + ALGORITHM, missing);
        }
    }

    private static byte[] decoded(String secret) {
        try {
            return secret.startsWith(PREFIX)
                    ? Base64.getDecoder().decode(secret.substring(PREFIX.length()))
                    : new byte[0];
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }
}
