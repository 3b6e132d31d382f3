package dev.tandem.provider.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class JsonEndTest {
    @Test
    void endsAfterTheOutermostObject() {
        JsonEnd end = new JsonEnd();

        assertEquals(" {\"a\": {\"b\": ", end.feed(" {\"a\": {\"b\": "));
        assertEquals("[{}]}", end.feed("[{}]}"));
        assertFalse(end.reached());
        assertEquals("}", end.feed("}\n\n  "));
        assertTrue(end.reached());
        assertEquals("", end.feed("more"));
    }

    @Test
    void bracesAndQuotesInTextAreText() {
        JsonEnd end = new JsonEnd();

        end.feed("{\"a\": \"}\\");
        end.feed("\"}\\\\");

        assertFalse(end.reached());
        assertEquals("\"}", end.feed("\"} "));
        assertTrue(end.reached());
    }
}
