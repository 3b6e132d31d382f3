package dev.tandem.launch;

import dev.tandem.launch.Layer.Found;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.config.spi.ConfigParserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the settings of a YAML file.
final class SettingsFile {
    private static final Pattern LINE = Pattern.compile("line (\\d+)");

    private SettingsFile() {}

    /// The settings of a file, by key; the element of a list has its index as a part of its key.
    static Layer read(Path file) {
        String origin = file.getFileName().toString();
        Map<String, Found> values = new TreeMap<>();
        collect(parse(file, origin), origin, values);
        return new NamedValues(values);
    }

    private static void collect(Config node, String origin, Map<String, Found> values) {
        String key = node.key().toString();
        switch (node.type()) {
            case VALUE ->
                    node.asString()
                            .ifPresent(text -> values.put(key, new Found(origin, text.strip())));
            case LIST, OBJECT -> {
                List<Config> children = node.asNodeList().orElse(List.of());
                if (node.isList() && children.stream().allMatch(Config::isLeaf)) {
                    values.put(key, new Found(origin, lines(children)));
                } else {
                    children.forEach(child -> collect(child, origin, values));
                }
            }
            case MISSING -> {}
        }
    }

    /// A list of texts is one value, a line for each.
    private static String lines(List<Config> texts) {
        StringBuilder lines = new StringBuilder();
        texts.forEach(text -> lines.append(text.asString().orElse("")).append('\n'));
        return lines.toString();
    }

    private static Config parse(Path file, String origin) {
        try {
            String text = Files.readString(file);
            return Config.builder()
                    .addSource(ConfigSources.create(text, MediaTypes.APPLICATION_YAML))
                    .disableEnvironmentVariablesSource()
                    .disableSystemPropertiesSource()
                    .disableKeyResolving()
                    .disableValueResolving()
                    .disableFilterServices()
                    .build();
        } catch (IOException unreadable) {
            throw new SettingsException(
                    file + " cannot be read; check that it exists and may be read", unreadable);
        } catch (ConfigParserException malformed) {
            throw new SettingsException(
                    origin + " is not YAML with sections of settings" + where(malformed),
                    malformed);
        }
    }

    /// The line of the mistake; not the parser's own message, which quotes the file and with it
    /// perhaps a key.
    private static String where(ConfigParserException malformed) {
        Matcher line = LINE.matcher(String.valueOf(malformed.getMessage()));
        int last = 0;
        while (line.find()) {
            last = Integer.parseInt(line.group(1));
        }
        return last == 0 ? "" : "; look at line " + last;
    }
}
