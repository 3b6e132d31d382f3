package dev.tandem.toolbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolServer.Origin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ToolNamesTest {
    private static final ToolServer FILES = server("files", "files", Origin.USER);

    @Test
    void aNameIsTheServersAndTheTools() {
        assertEquals(
                Map.of("read", "files__read", "write-it", "files__write-it"),
                new ToolNames(List.of(FILES)).of("files", List.of("read", "write-it")));
    }

    @Test
    void whatIsNotLegalBecomesAnUnderscore() {
        ToolServer odd = server("my files", "my files", Origin.USER);

        assertEquals(
                Map.of("read.file", "my_files__read_file", "über", "my_files___ber"),
                new ToolNames(List.of(odd)).of("my files", List.of("read.file", "über")));
    }

    @Test
    void whatNeededNoChangeKeepsItsName() {
        Map<String, String> names =
                new ToolNames(List.of(FILES)).of("files", List.of("a.b", "a_b", "a b"));

        assertEquals("files__a_b", names.get("a_b"));
        assertTrue(
                names.getOrDefault("a.b", "").matches("files__a_b_[0-9a-f]{8}"), names::toString);
        assertEquals(3, new HashSet<>(names.values()).size());
    }

    @Test
    void whatIsTooLongIsCutAndStaysItself() {
        String tool = "a".repeat(80);
        String twin = "a".repeat(79) + "b";
        Map<String, String> names = new ToolNames(List.of(FILES)).of("files", List.of(tool, twin));

        names.values().forEach(name -> assertEquals(ToolNames.CHARS_MAX, name.length(), name));
        assertEquals(2, new HashSet<>(names.values()).size());
        ToolServer wide = server("s".repeat(90), "s".repeat(90), Origin.USER);
        String name =
                new ToolNames(List.of(wide))
                        .of(wide.id(), List.of("read"))
                        .getOrDefault("read", "");
        assertTrue(name.endsWith("__read") && ToolNames.isLegal(name), name);
    }

    @Test
    void theOperatorsServerKeepsItsNameBesideAProjectsOfTheSame() {
        ToolServer project = server("files@proj_1", "files", Origin.PROJECT);

        for (List<ToolServer> order : List.of(List.of(FILES, project), List.of(project, FILES))) {
            ToolNames names = new ToolNames(order);
            assertEquals("files__read", names.of("files", List.of("read")).get("read"));
            assertEquals(
                    "files_"
                            + dev.tandem.audit.Sha256.of("files@proj_1").substring(0, 8)
                            + "__read",
                    names.of("files@proj_1", List.of("read")).get("read"));
        }
    }

    @Test
    void theOrderDoesNotCountAndNamesAreAlwaysLegalAndUnique() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<String> tools = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                tools.add(word(random));
            }
            Map<String, String> names = new ToolNames(List.of(FILES)).of("files", tools);
            Collections.shuffle(tools, random);

            assertEquals(names, new ToolNames(List.of(FILES)).of("files", tools));
            assertEquals(names.size(), new HashSet<>(names.values()).size());
            names.values().forEach(name -> assertTrue(ToolNames.isLegal(name), name));
        }
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        int length = 1 + random.nextInt(random.nextBoolean() ? 4 : 90);
        for (int i = 0; i < length; i++) {
            word.append("ab_-. /é\ud83d".charAt(random.nextInt(9)));
        }
        return word.toString();
    }

    static ToolServer server(String id, String name, Origin origin) {
        return new ToolServer(
                id,
                name,
                origin,
                Optional.empty(),
                ToolServer.Transport.STDIO,
                Optional.empty(),
                Optional.empty(),
                ToolServer.State.READY,
                Optional.empty());
    }
}
