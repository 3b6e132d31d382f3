package dev.tandem.launch;

import dev.tandem.launch.Layer.Found;
import dev.tandem.secret.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A part of the settings: hands out values by key, checked and with their defaults. A value that
/// is none of its kind stops the start with a [SettingsException].
final class Section {
    private final Configuration all;
    private final String prefix;
    private final String listedPrefix;

    /// @param prefix what its keys begin with
    /// @param listedPrefix the same, as the reference of the settings names it
    Section(Configuration all, String prefix, String listedPrefix) {
        this.all = all;
        this.prefix = prefix;
        this.listedPrefix = listedPrefix;
        all.entered(prefix);
    }

    String text(String key, String ifAbsent) {
        return ask(key, ifAbsent).map(Found::text).orElse(ifAbsent);
    }

    Optional<String> text(String key) {
        return ask(key, "").map(Found::text);
    }

    int integer(String key, int ifAbsent) {
        return value(key, Kind.INTEGER, ifAbsent);
    }

    long integer(String key, long ifAbsent) {
        return value(key, Kind.LONG, ifAbsent);
    }

    double decimal(String key, double ifAbsent) {
        return value(key, Kind.DECIMAL, ifAbsent);
    }

    boolean flag(String key, boolean ifAbsent) {
        return value(key, Kind.FLAG, ifAbsent);
    }

    Duration duration(String key, Duration ifAbsent) {
        return value(key, Kind.DURATION, ifAbsent);
    }

    long bytes(String key, long ifAbsent) {
        return value(key, Kind.BYTES, ifAbsent);
    }

    int bytes(String key, int ifAbsent) {
        return value(key, Kind.INT_BYTES, ifAbsent);
    }

    URI url(String key, URI ifAbsent) {
        return value(key, Kind.URL, ifAbsent);
    }

    /// One of the words of an enum: its names in lower case, with `-` for `_`.
    <E extends Enum<E>> E word(String key, E ifAbsent) {
        return value(key, Kind.wordOf(ifAbsent.getDeclaringClass()), ifAbsent);
    }

    /// A value without a default.
    <T> Optional<T> optional(String key, Kind<T> kind) {
        return ask(key, "").map(found -> read(found, key, kind));
    }

    /// A list of texts: a list in the file, separated by commas elsewhere.
    List<String> texts(String key, List<String> ifAbsent) {
        return ask(key, String.join(",", ifAbsent))
                .map(found -> elements(found.text()))
                .orElse(ifAbsent);
    }

    /// A file or folder; a relative one starts from the working directory, `~/` from the home.
    Path path(String key, Path ifAbsent) {
        return ask(key, ifAbsent.toString()).map(Section::path).orElse(ifAbsent);
    }

    Optional<Path> path(String key) {
        return ask(key, "").map(Section::path);
    }

    /// A key or password, written outright or as `${VARIABLE}`, or in a file of its own that
    /// `KEY-file` names.
    Optional<Secret> secret(String key) {
        Optional<Found> outright = all.ask(full(key), listed(key), "", true);
        Optional<Found> file = ask(key + "-file", "");
        return new SecretReader(all, full(key)).read(outright, file);
    }

    /// A text that is not shown: it may hold a secret.
    Optional<String> hidden(String key) {
        return all.ask(full(key), listed(key), "", true).map(Found::text);
    }

    /// A list of such texts.
    List<String> hiddenTexts(String key) {
        return hidden(key).map(Section::elements).orElse(List.of());
    }

    /// Such texts below names that the operator chooses.
    Map<String, String> hiddenByName(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        all.entered(full(key));
        for (String name : all.below(full(key))) {
            all.ask(full(key) + "." + name, listed(key) + ".NAME", "", true)
                    .ifPresent(found -> texts.put(name, found.text()));
        }
        return texts;
    }

    /// A section within this one.
    Section section(String name) {
        return new Section(all, full(name), listed(name));
    }

    /// The elements of a list of sections.
    List<Section> sections(String key) {
        return all.below(full(key)).stream()
                .map(index -> new Section(all, full(key) + "." + index, listed(key) + "[]"))
                .toList();
    }

    /// Sections below names that the operator chooses; they cannot stand in the environment.
    Map<String, Section> named(String key) {
        Map<String, Section> named = new LinkedHashMap<>();
        for (String name : all.below(full(key))) {
            named.put(name, new Section(all, full(key) + "." + name, listed(key) + ".NAME"));
        }
        return named;
    }

    /// Makes the settings record of a feature. What its constructor refuses becomes a
    /// [SettingsException] that says where the operator can mend it.
    <T> T checked(Supplier<T> settings) {
        try {
            return settings.get();
        } catch (IllegalArgumentException refused) {
            throw new SettingsException(placed(String.valueOf(refused.getMessage())), refused);
        }
    }

    /// A complaint about one of this section's settings, with its place.
    SettingsException wrong(String key, String complaint) {
        return new SettingsException(place(full(key)) + full(key) + " " + complaint);
    }

    private <T> T value(String key, Kind<T> kind, T ifAbsent) {
        return ask(key, kind.writer().apply(ifAbsent))
                .map(found -> read(found, key, kind))
                .orElse(ifAbsent);
    }

    private <T> T read(Found found, String key, Kind<T> kind) {
        return kind.reader()
                .apply(found.text())
                .orElseThrow(
                        () ->
                                wrong(
                                        key,
                                        "must be %s, was '%s'"
                                                .formatted(
                                                        kind.phrase(),
                                                        found.text().replace('\n', ','))));
    }

    /// The message of a record names its setting first, perhaps below another section's name.
    private String placed(String message) {
        String[] words = message.split(" ", 2);
        String name = words.length == 2 ? words[0] : "";
        for (String rest = name; !rest.isEmpty(); rest = withoutFirstWord(rest)) {
            for (String key : List.of(rest, full(rest))) {
                if (all.knows(key)) {
                    return place(key) + key + " " + words[1];
                }
            }
        }
        return prefix + ": " + message;
    }

    private static String withoutFirstWord(String key) {
        int dot = key.indexOf('.');
        return dot < 0 ? "" : key.substring(dot + 1);
    }

    private String place(String key) {
        return all.find(key).map(found -> found.origin() + ": ").orElse("");
    }

    private Optional<Found> ask(String key, String ifAbsent) {
        return all.ask(full(key), listed(key), ifAbsent, false);
    }

    private String full(String key) {
        return prefix + "." + key;
    }

    private String listed(String key) {
        return listedPrefix + "." + key;
    }

    private static Path path(Found found) {
        String text = found.text();
        return text.startsWith("~/")
                ? Path.of(System.getProperty("user.home"), text.substring(2))
                : Path.of(text);
    }

    private static List<String> elements(String text) {
        return Stream.of(text.split(text.contains("\n") ? "\n" : ","))
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .toList();
    }
}
