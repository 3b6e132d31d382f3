package dev.tandem.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WebhookSignerTest {
    /// The example that the libraries of Standard Webhooks are tested with.
    @Test
    void signsAsTheOtherImplementationsDo() {
        WebhookSigner signer =
                new WebhookSigner(new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));

        assertEquals(
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                signer.sign(
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        "1614265330",
                        "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void refusesWhatIsNoSecretOfTheSchemesWithoutTellingIt() {
        for (String bad :
                List.of(
                        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        "whsec_c2hvcnQ=",
                        "whsec_" + "YWFh".repeat(22),
                        "whsec_no base64 at all, but long enough")) {
            String said =
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> new WebhookSigner(new Secret(bad)))
                            .toString();

            assertFalse(said.contains(bad), said);
        }
    }
}
