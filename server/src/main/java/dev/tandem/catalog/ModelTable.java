package dev.tandem.catalog;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Reads the table of models that comes with the product: tab-separated, `#` begins a comment, the
/// first line names the columns.
final class ModelTable {
    private static final String RESOURCE = "/tandem/models.tsv";
    private static final int COLUMNS = 20;
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

    private ModelTable() {}

    static List<Model> read() {
        try (InputStream table = ModelTable.class.getResourceAsStream(RESOURCE)) {
            if (table == null) {
                throw new IllegalStateException("the product has no " + RESOURCE);
            }
            return new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .skip(1)
                    .map(ModelTable::model)
                    .toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static Model model(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != COLUMNS) {
            throw new IllegalArgumentException(
                    "a model must have %d columns, had %d: %s"
                            .formatted(COLUMNS, cells.length, line));
        }
        return new Model(
                cells[0],
                cells[1],
                cells[2],
                cells[3],
                cells[4],
                Long.parseLong(cells[5]),
                Long.parseLong(cells[6]),
                capabilities(cells[7]),
                words(cells[8]),
                price(cells));
    }

    private static Optional<Price> price(String[] cells) {
        return rates(cells, 9)
                .map(
                        rates ->
                                new Price(
                                        rates,
                                        rates(cells, 15)
                                                .map(
                                                        tier ->
                                                                new Price.LongPrompt(
                                                                        Long.parseLong(cells[14]),
                                                                        tier))));
    }

    private static Optional<Rates> rates(String[] cells, int first) {
        OptionalLong input = nanos(cells[first]);
        OptionalLong output = nanos(cells[first + 1]);
        if (input.isEmpty() || output.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Rates(
                        input.getAsLong(),
                        output.getAsLong(),
                        nanos(cells[first + 2]),
                        nanos(cells[first + 3]),
                        nanos(cells[first + 4])));
    }

    private static OptionalLong nanos(String dollars) {
        return dollars.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(new BigDecimal(dollars).multiply(NANOS).longValueExact());
    }

    private static Set<Model.Capability> capabilities(String cell) {
        EnumSet<Model.Capability> capabilities = EnumSet.noneOf(Model.Capability.class);
        words(cell)
                .forEach(
                        word ->
                                capabilities.add(
                                        Model.Capability.valueOf(word.toUpperCase(Locale.ROOT))));
        return capabilities;
    }

    private static List<String> words(String cell) {
        return Arrays.stream(cell.split(",", -1)).filter(word -> !word.isEmpty()).toList();
    }
}
