package dev.tandem.edge.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.testing.Golden;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever is sent as a chat request is read, or refused as the caller's mistake.
final class SpoiltRequestTest {
    private static final String[] VALUES = {
        "null",
        "true",
        "0",
        "-1",
        "1e999",
        "\"\"",
        "\"x\"",
        "[]",
        "{}",
        "[null]",
        "{\"a\":{}}",
        "[[]]"
    };
    private static final byte[] FULL = Golden.input("openai/request/full.json");

    private final Random random = new Random(3);

    @Test
    void isRefusedWhereItsBytesAreSpoilt() {
        for (int i = 0; i < 20_000; i++) {
            byte[] spoilt = FULL.clone();
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                spoilt[random.nextInt(spoilt.length)] =
                        (byte) "{}[]\",:\\0-+.eEnull\u0000\u00ff".charAt(random.nextInt(20));
            }
            attempt(spoilt);
        }
    }

    @Test
    void isRefusedWhereAValueIsOfAnotherKind() {
        String text = new String(FULL, StandardCharsets.UTF_8);
        for (int at = text.indexOf(": "); at >= 0; at = text.indexOf(": ", at + 1)) {
            for (String value : VALUES) {
                int end = endOfValue(text, at + 2);
                String spoilt = text.substring(0, at + 2) + value + text.substring(end);
                attempt(spoilt.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void isRefusedWhereItIsCutOff() {
        int whole = new String(FULL, StandardCharsets.UTF_8).lastIndexOf('}');
        for (int length = 0; length < whole; length++) {
            assertTrue(attempt(Arrays.copyOf(FULL, length)));
        }
    }

    @Test
    void isReadWhereAPictureIsLarge() {
        String picture = "data:image/png;base64," + "A".repeat(24_000_000);
        String body =
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                        + "\"image_url\":\""
                        + picture
                        + "\"}]}]}";

        ChatCall chat = ChatRequestReader.read(body.getBytes(StandardCharsets.UTF_8));

        assertEquals(picture, chat.request().getMessages(0).getParts(0).getImage().getUrl());
    }

    private static int endOfValue(String text, int from) {
        int depth = 0;
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' && text.charAt(i - 1) != '\\') {
                quoted = !quoted;
            } else if (!quoted && (c == '{' || c == '[')) {
                depth++;
            } else if (!quoted && (c == '}' || c == ']' || c == ',') && depth == 0) {
                return i;
            } else if (!quoted && (c == '}' || c == ']')) {
                depth--;
            }
        }
        return text.length();
    }

    /// Whether it was refused.
    private static boolean attempt(byte[] body) {
        try {
            assertTrue(ChatRequestReader.read(body).request().build().getSerializedSize() >= 0);
            return false;
        } catch (Failure failure) {
            assertEquals(FailureCode.INVALID_REQUEST, failure.code());
            return true;
        }
    }
}
