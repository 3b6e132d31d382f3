package dev.tandem.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What the log lets in, and what it leaves out.
final class AuditLogTest {
    private static final int BYTES_MAX = 16 << 10;

    @Test
    void hidesWhatIsCalledASecret() {
        for (String name :
                List.of(
                        "token",
                        "access_token",
                        "Password",
                        "client-secret",
                        "api_key",
                        "apiKey",
                        "X-API-Key",
                        "authorization",
                        "AWS_SECRET_ACCESS_KEY",
                        "private_key",
                        "Cookie",
                        "auth")) {
            assertEquals(
                    "{\"" + name + "\":\"[redacted]\",\"path\":\"a\"}",
                    redacted("{\"" + name + "\":\"hunter2\",\"path\":\"a\"}"));
        }
        assertEquals(
                "{\"a\":[{\"secret\":\"[redacted]\"}],\"password\":\"[redacted]\"}",
                redacted("{\"a\":[{\"secret\":{\"x\":1}}],\"password\":1234}"));
    }

    @Test
    void leavesWhatOnlySoundsLikeOne() {
        for (String harmless :
                List.of(
                        "{\"max_tokens\":5}",
                        "{\"has_password\":true,\"token\":null}",
                        "{\"author\":\"Ada\",\"keyboard\":\"qwerty\"}",
                        "{\"text\":\"risk-averse tasks are skipped\"}",
                        "{\"n\":1.50,\"list\":[1,\"a\",null]}")) {
            assertEquals(harmless, redacted(harmless));
        }
    }

    @Test
    void hidesWhatLooksLikeASecret() {
        Map<String, String> table = new TreeMap<>();
        table.put("sk-" + "live-" + "abcdefghijklmnop0123", "[redacted]");
        table.put("use ghp_abcdefghijklmnopqrstuvwxyz012345 now", "use [redacted] now");
        table.put("AKIAIOSFODNN7EXAMPLE", "[redacted]");
        table.put("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc-_123", "[redacted]");
        table.put("Bearer abcdefgh12345678", "Bearer [redacted]");
        table.put("https://ada:hunter2@example.org/x", "https://ada:[redacted]@example.org/x");
        table.put("curl -d password=hunter2 x", "curl -d password=[redacted] x");
        table.put("{'api_key': 'abc'}", "{'api_key': [redacted]}");
        table.put(
                "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
                "[redacted]");
        table.forEach((text, hidden) -> assertEquals(hidden, Secrets.hide(text), text));
    }

    @Test
    void longArgumentsAreCutAndStayJson() throws JsonProcessingException {
        String longText = "{\"path\":\"a\",\"content\":\"" + "é".repeat(100_000) + "\"}";
        String manyFields = "{\"list\":[" + "\"\\u0001\\u0002\",".repeat(20_000) + "\"end\"]}";

        for (String arguments : List.of(longText, manyFields)) {
            String kept = redacted(arguments);

            assertTrue(
                    kept.getBytes(StandardCharsets.UTF_8).length <= BYTES_MAX,
                    () -> kept.length() + " characters");
            assertFalse(new ObjectMapper().readTree(kept).isMissingNode());
        }
        assertTrue(redacted(longText).startsWith("{\"path\":\"a\",\"content\":\"éé"));
        assertEquals("null", redacted("no JSON"));
    }

    @Test
    void errorsAreBoundedAndWithoutSecrets() {
        AuditOutcome outcome =
                new AuditOutcome(
                        Status.FAILED,
                        Duration.ZERO,
                        Optional.of("token=abc " + "x".repeat(5_000)));

        assertTrue(outcome.error().orElseThrow().startsWith("token=[redacted] xxx"));
        assertEquals(2_001, outcome.error().orElseThrow().length());
    }

    @Test
    void aSizeThatIsTooSmallIsRefused() {
        assertEquals(
                "mcp.audit.argument-bytes-max must be at least 256, was 10",
                assertThrows(IllegalArgumentException.class, () -> new AuditSettings(true, 10))
                        .getMessage());
    }

    private static String redacted(String json) {
        return Redaction.of(json, BYTES_MAX);
    }
}
