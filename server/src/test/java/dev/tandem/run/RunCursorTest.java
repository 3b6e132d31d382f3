package dev.tandem.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RunCursorTest {
    private static final long SEED = 20_261_124;

    @Test
    void readsWhatItWrote() {
        Random random = new Random(SEED);
        for (int i = 0; i < 1_000; i++) {
            RunCursor cursor =
                    new RunCursor(
                            "run_" + Long.toString(random.nextLong(1, Long.MAX_VALUE), 36),
                            random.nextInt(1, Integer.MAX_VALUE),
                            random.nextLong(1, Long.MAX_VALUE));
            assertEquals(Optional.of(cursor), RunCursor.parse(cursor.text()));
        }
    }

    @Test
    void fitsIntoALineOfAnEventStream() {
        String text = new RunCursor("run_01abc", 3, 77).text();

        assertEquals("01abc.3.25", text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a.1",
                ".1.1",
                "a.0.1",
                "a.1.0",
                "a.-1.1",
                "a.1.-1",
                "a.1.1.1",
                "a.1.",
                "a..1",
                "a.1.zzzzzzzzzzzzzzzz",
                "a.zzzzzzzz.1",
                "a.1.1 ",
                "a.!.1"
            })
    void whatIsNoCursorIsNone(String text) {
        assertEquals(Optional.empty(), RunCursor.parse(text));
    }
}
