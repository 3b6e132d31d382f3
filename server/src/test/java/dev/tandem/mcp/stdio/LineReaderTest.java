package dev.tandem.mcp.stdio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.mcp.stdio.LineReader.Line;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LineReaderTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 1000})
    void readsLinesHoweverTheyAreCut(int piece) throws Exception {
        String text = "a\n\nGrüße 🌍\r\n" + "x".repeat(40_000) + "\nhalf a line";

        List<Line> lines = lines(new Pieces(text, piece), 50_000);

        assertEquals(
                List.of("a", "", "Grüße 🌍\r", "x".repeat(40_000)),
                lines.stream().map(Line::text).toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 1000})
    void cutsWhatIsTooLong(int piece) throws Exception {
        List<Line> lines = lines(new Pieces("1234\n12345\n123456789\n1\n", piece), 4);

        assertEquals(
                List.of(
                        new Line("1234", false),
                        new Line("1234", true),
                        new Line("1234", true),
                        new Line("1", false)),
                lines);
    }

    @Test
    void readsALineOfTenMegabytesSoon() throws Exception {
        byte[] line = ("x".repeat(10_000_000) + "\n").getBytes(StandardCharsets.UTF_8);
        List<Line> _ = lines(new ByteArrayInputStream(line), 32 << 20);

        long begin = System.nanoTime();
        List<Line> read = lines(new ByteArrayInputStream(line), 32 << 20);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);

        System.out.printf("a line of 10 MB: %d ms%n", millis);
        assertEquals(10_000_000, read.getFirst().text().length());
    }

    private static List<Line> lines(InputStream in, int bytesMax) throws IOException {
        LineReader reader = new LineReader(in, bytesMax);
        List<Line> lines = new ArrayList<>();
        for (Optional<Line> line = reader.next(); line.isPresent(); line = reader.next()) {
            lines.add(line.get());
        }
        return lines;
    }

    /// Gives no more than so many bytes at once.
    private static final class Pieces extends ByteArrayInputStream {
        private final int piece;

        Pieces(String text, int piece) {
            super(text.getBytes(StandardCharsets.UTF_8));
            this.piece = piece;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            return super.read(into, from, Math.min(length, piece));
        }
    }
}
