package dev.tandem.launch;

import dev.tandem.launch.Layer.Found;
import dev.tandem.launch.Layer.Stray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// All settings, wherever they stand: the command line wins over the environment, the environment
/// over the file, the file over the defaults. It remembers what was asked for, so that what nobody
/// asks for is found: [#refuseUnknown()].
final class Configuration {
    /// Read from the working directory where no other file is named.
    static final String FILE = "tandem.yaml";

    private final Layer flags;
    private final Environment environment;
    private final Layer file;
    private final Set<String> keys = new LinkedHashSet<>();
    private final Set<String> sections = new LinkedHashSet<>();
    private final Map<String, Setting> asked = new LinkedHashMap<>();

    private Configuration(Layer flags, Environment environment, Layer file) {
        this.flags = flags;
        this.environment = environment;
        this.file = file;
    }

    /// Finds and reads the file, and puts the layers together.
    ///
    /// @param directory where [#FILE] is looked for, and what relative paths start from
    static Configuration read(Arguments arguments, Map<String, String> variables, Path directory) {
        Environment environment = new Environment(variables);
        Optional<Path> named =
                arguments
                        .file()
                        .or(() -> environment.value("TANDEM_CONFIG"))
                        .map(directory::resolve);
        Path file = named.orElse(directory.resolve(FILE));
        boolean present = named.isPresent() || Files.exists(file);
        return new Configuration(
                new NamedValues(arguments.settings()),
                environment,
                present ? SettingsFile.read(file) : new NamedValues(Map.of()));
    }

    /// The settings whose keys begin with a name and a dot.
    Section section(String name) {
        sections.add(name);
        return new Section(this, name, name);
    }

    /// Everything that was asked for, in the order of asking.
    Collection<Setting> asked() {
        return asked.values();
    }

    /// Stops the start where something is configured that is not a setting. To be called once
    /// everything has been read.
    ///
    /// @throws SettingsException naming the first
    void refuseUnknown() {
        for (Layer layer : List.of(flags, environment, file)) {
            for (Stray stray : layer.strays(keys)) {
                throw new SettingsException(complaint(stray));
            }
        }
    }

    /// Finds a setting and remembers that it was asked for.
    ///
    /// @param listed its key in the reference of the settings
    /// @param ifAbsent its default, for that reference
    Optional<Found> ask(String key, String listed, String ifAbsent, boolean secret) {
        keys.add(key);
        Optional<Found> found = find(key);
        asked.putIfAbsent(listed, new Setting(listed, ifAbsent, found, secret));
        return found;
    }

    Optional<Found> find(String key) {
        return flags.find(key).or(() -> environment.find(key)).or(() -> file.find(key));
    }

    boolean knows(String key) {
        return keys.contains(key);
    }

    /// The names directly below a key, of all layers: one may name a key, another hold its secret.
    Set<String> below(String key) {
        sections.add(key);
        Set<String> names =
                new TreeSet<>(Comparator.comparingInt(String::length).thenComparing(name -> name));
        for (Layer layer : List.of(flags, environment, file)) {
            names.addAll(layer.below(key));
        }
        return names;
    }

    Optional<String> variable(String name) {
        return environment.value(name);
    }

    void entered(String section) {
        sections.add(section);
    }

    private String complaint(Stray stray) {
        boolean variable = !stray.name().equals(stray.key());
        String complaint = stray.origin() + (variable ? " " : ": ") + stray.name();
        if (sections.contains(stray.key())) {
            return complaint
                    + " is a section, not a setting; write its settings below it, such as "
                    + firstBelow(stray.key());
        }
        return complaint
                + " is not a setting; "
                + Spelling.nearest(stray.key(), keys)
                        .map(key -> variable ? Environment.variable(key) : key)
                        .map(meant -> "did you mean " + meant + "?")
                        .orElse("remove it, or see docs/configuration.md for those there are");
    }

    private String firstBelow(String section) {
        return keys.stream()
                .filter(key -> key.startsWith(section + "."))
                .findFirst()
                .orElse(section + ".…");
    }
}
