package dev.tandem.edge.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class JsonOutTest {
    @Test
    void putsCommasWhereTheyBelong() {
        JsonOut out = new JsonOut(1);

        out.beginObject().name("a").value(1).name("b").beginArray().value(true).nothing();
        out.beginObject().endObject().endArray().name("c").value("x").endObject();

        assertEquals("{\"a\":1,\"b\":[true,null,{}],\"c\":\"x\"}", out.toString());
    }

    @Test
    void followsAPrefixWithoutAComma() {
        JsonOut out = new JsonOut().bytes(new byte[] {'x', ':', ' '});

        assertEquals("x: {}", out.beginObject().endObject().toString());
    }

    @Test
    void escapesWhatJsonForbids() {
        String out = new JsonOut().value("\" \\ \n \r \t \b \f \u0001 \u007f é € 😀").toString();

        assertEquals("\"\\\" \\\\ \\n \\r \\t \\b \\f \\u0001 \\u007f é € 😀\"", out);
    }

    @Test
    void escapesWhatSomeReadersTakeForTheEndOfALine() {
        assertEquals(
                "\"a\\u0085b\\u2028c\\u2029d\"",
                new JsonOut().value("a\u0085b\u2028c\u2029d").toString());
    }

    @Test
    void escapesHalfASurrogatePair() {
        assertEquals("\"a\\ud83d\"", new JsonOut().value("a\ud83d").toString());
        assertEquals("\"\\ude00b\"", new JsonOut().value("\ude00b").toString());
    }

    @Test
    void writesNoNumberThatJsonDoesNotHave() {
        assertEquals("[null,null,0.5]", array(Double.NaN, Double.POSITIVE_INFINITY, 0.5));
    }

    @Test
    void writesAnyTextSoThatAnotherReaderReadsTheSame() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            String text = text(random);

            String json = new JsonOut(1).value(text).toString();

            assertEquals(text, new ObjectMapper().readValue(json, String.class));
        }
    }

    private static String array(double... numbers) {
        JsonOut out = new JsonOut().beginArray();
        for (double number : numbers) {
            out.value(number);
        }
        return out.endArray().toString();
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            int point =
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(0x20);
                        case 1 -> random.nextInt(0x80);
                        case 2 -> random.nextInt(0xd800);
                        default -> 0x10000 + random.nextInt(0x100000);
                    };
            text.appendCodePoint(point);
        }
        return text.toString();
    }
}
