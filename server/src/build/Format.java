import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Formats every Java source below a folder, or says which are not formatted. Run by the build:
/// `java -cp google-java-format.jar Format.java check|write FOLDER`.
final class Format {
    private static final Formatter FORMATTER =
            new Formatter(JavaFormatterOptions.builder().style(Style.AOSP).build());

    private static final int COLUMNS_MAX = 100;

    public static void main(String[] args) throws Exception {
        boolean write = args[0].equals("write");
        List<Path> unformatted = new ArrayList<>();
        for (Path source : sources(Path.of(args[1]))) {
            String text = Files.readString(source);
            refuseLongComments(source, text);
            String formatted =
                    FORMATTER.formatSource(RemoveUnusedImports.removeUnusedImports(text));
            if (formatted.equals(text)) {
                continue;
            }
            unformatted.add(source);
            if (write) {
                Files.writeString(source, formatted);
            }
        }
        unformatted.forEach(
                source -> System.out.println((write ? "formatted " : "not formatted: ") + source));
        if (!write && !unformatted.isEmpty()) {
            System.out.println("Run `make format`.");
            System.exit(1);
        }
    }

    /// The formatter would break such a line, and its second half would be no documentation.
    private static void refuseLongComments(Path source, String text) {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().startsWith("///") && lines.get(i).length() > COLUMNS_MAX) {
                System.out.println(
                        source
                                + ":"
                                + (i + 1)
                                + ": comment longer than "
                                + COLUMNS_MAX
                                + " columns");
                System.exit(1);
            }
        }
    }

    private static List<Path> sources(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
    }
}
