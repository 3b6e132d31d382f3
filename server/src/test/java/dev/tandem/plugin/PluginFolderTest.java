package dev.tandem.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import dev.tandem.testing.PluginJar;
import dev.tandem.tool.ToolServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders of jars, good ones and others.
final class PluginFolderTest {
    @TempDir private Path folder;
    private final List<PluginSource> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(PluginSource::close);
        System.clearProperty(SamplePlugin.CLOSED);
    }

    @Test
    void aJarThatDoesNotWorkIsToldAndStopsNobody() throws IOException {
        makeBrokenJars();
        SamplePlugin.make(folder.resolve("h-good.jar"), "good");

        PluginSource source = open(folder);

        assertEquals(List.of("good"), names(source));
        List<String> problems = source.problems();
        assertEquals(7, problems.size(), problems::toString);
        assertTrue(
                problems.get(0).startsWith("a-text.jar is left out: it is no jar: "),
                problems.get(0));
        assertEquals(
                "b-library.jar is left out: it names no plugin in"
                        + " META-INF/services/dev.tandem.plugin.ToolPlugin",
                problems.get(1));
        assertTrue(problems.get(2).contains("com.example.None not found"), problems.get(2));
        assertEquals(
                "d-throws.jar is left out: java.lang.NoClassDefFoundError: Lib", problems.get(3));
        assertEquals(
                "e-name.jar is left out: a plugin's name must be 1 to 32 letters, digits, _ and -,"
                        + " was 'a name'",
                problems.get(4));
        assertTrue(
                problems.get(5)
                        .startsWith("f-schema.jar is left out: the input schema of its tool"),
                problems.get(5));
        assertEquals("g-twice.jar is left out: two of its tools are named hang", problems.get(6));
    }

    @Test
    void ofTwoPluginsOfOneNameTheSecondIsLeftOut() throws IOException {
        SamplePlugin.make(folder.resolve("one.jar"), "same");
        SamplePlugin.make(folder.resolve("two.jar"), "same");

        PluginSource source = open(folder);

        assertEquals(List.of("same"), names(source));
        assertEquals(
                List.of(
                        "two.jar is left out: its name is same, as that of one.jar is; rename one"
                                + " of them"),
                source.problems());
    }

    @Test
    void withoutAFolderThereAreNone() {
        assertEquals(List.of(), names(open(folder.resolve("none"))));
    }

    private void makeBrokenJars() throws IOException {
        Files.writeString(folder.resolve("a-text.jar"), "no jar");
        PluginJar.empty(folder.resolve("b-library.jar"), "");
        PluginJar.empty(folder.resolve("c-hollow.jar"), "com.example.None");
        PluginJar.make(
                folder.resolve("d-throws.jar"),
                SamplePlugin.TYPE,
                SamplePlugin.SOURCE.replace(
                        "return \"NAME\"", "throw new NoClassDefFoundError(\"Lib\")"));
        SamplePlugin.make(folder.resolve("e-name.jar"), "a name");
        PluginJar.make(
                folder.resolve("f-schema.jar"),
                SamplePlugin.TYPE,
                SamplePlugin.SOURCE.replace("NAME", "schema").replace("\"object", "\"thing"));
        PluginJar.make(
                folder.resolve("g-twice.jar"),
                SamplePlugin.TYPE,
                SamplePlugin.SOURCE
                        .replace("NAME", "twice")
                        .replace("\"wait\", \"", "\"hang\", \""));
    }

    private PluginSource open(Path plugins) {
        PluginSource source = SamplePlugin.open(plugins, 1);
        opened.add(source);
        return source;
    }

    private static List<String> names(PluginSource source) {
        return source.servers(Scopes.PROJECT).stream().map(ToolServer::name).toList();
    }
}
