package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// What each gRPC client sees of our server: a column a client, a row a behaviour.
final class ClientTableTest {

    private static final Path TABLE = Path.of("target/grpc-conformance.md");

    private static final Map<String, Map<String, String>> FILLED = new LinkedHashMap<>();

    private static List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("like grpc-swift", SwiftColumn::fill));
        columns.add(new Column("grpc-java", GrpcJavaColumn::fill));
        columns.add(new Column("grpc-go (grpcurl)", GrpcurlColumn::fill));
        columns.addAll(ForeignColumns.all());
        return columns;
    }

    @TestFactory
    Stream<DynamicTest> everyClientIsServed() {
        return columns().stream().map(column -> dynamicTest(column.client(), () -> check(column)));
    }

    private static void check(Column column) throws Exception {
        try (Subject subject = Subject.listener(TestSettings.roomy())) {
            Map<String, String> rows = column.fill().against(subject);
            FILLED.put(column.client(), rows);

            assertEquals(
                    Map.of(),
                    rows.entrySet().stream()
                            .filter(row -> !row.getValue().equals(Column.PASSES))
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
            assertEquals(true, rows.size() >= 9, column.client() + " ended after " + rows);
        }
    }

    @AfterAll
    static void writeTable() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("| behaviour | " + String.join(" | ", FILLED.keySet()) + " |");
        lines.add("| --- |" + " --- |".repeat(FILLED.size()));
        Set<String> names = new LinkedHashSet<>();
        FILLED.values().forEach(rows -> names.addAll(rows.keySet()));
        for (String name : names) {
            lines.add(
                    FILLED.values().stream()
                            .map(rows -> rows.getOrDefault(name, "–"))
                            .collect(Collectors.joining(" | ", "| " + name + " | ", " |")));
        }
        Files.write(TABLE, lines);
    }
}
