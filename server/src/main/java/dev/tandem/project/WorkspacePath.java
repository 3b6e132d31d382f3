package dev.tandem.project;

import dev.tandem.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Reads the path of a workspace that a client asks for, as names to go down from the root. Looks
/// at the text alone; links are the business of whoever goes down.
///
/// A path is refused where some file system would take it for another one, so that data folders can
/// move from one machine to another.
final class WorkspacePath {
    private static final int CHARS_MAX = 1024;
    private static final int NAMES_MAX = 32;
    private static final int NAME_BYTES_MAX = 255;
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);
    private static final Pattern DEVICE =
            Pattern.compile("(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");
    private static final String FORBIDDEN = "\\:*?\"<>|";

    private WorkspacePath() {}

    /// @throws Failure INVALID_REQUEST, param `path`, where it leads outside or could be
    ///     misunderstood
    static List<String> names(String path) {
        require(path.length() <= CHARS_MAX, "must have at most " + CHARS_MAX + " characters");
        require(
                path.chars().noneMatch(Character::isISOControl),
                "must not have control characters");
        require(
                !path.startsWith("/") && !path.startsWith("\\") && !DRIVE.matcher(path).matches(),
                "must be relative to the root of all workspaces, was " + path);
        List<String> names = new ArrayList<>();
        for (String name : withoutLastSlash(path).split("/", -1)) {
            if (!name.equals(".")) {
                check(name, path);
                names.add(name);
            }
        }
        require(!names.isEmpty(), "must name a folder below the root, was " + path);
        require(names.size() <= NAMES_MAX, "must have at most " + NAMES_MAX + " names");
        return names;
    }

    private static String withoutLastSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static void check(String name, String path) {
        require(!name.isEmpty(), "must not have an empty name, was \"" + path + "\"");
        require(!name.equals(".."), "must not lead upwards with .., was " + path);
        require(
                name.chars().noneMatch(letter -> FORBIDDEN.indexOf(letter) >= 0),
                "must not have any of " + FORBIDDEN + " in it, was " + path);
        require(
                name.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES_MAX,
                "must not have names of more than " + NAME_BYTES_MAX + " bytes");
        require(
                !name.startsWith(" ") && !name.endsWith(" ") && !name.endsWith("."),
                "must not have names that begin or end with a space or end with a dot, was "
                        + path);
        String lower = name.toLowerCase(Locale.ROOT);
        require(
                !lower.startsWith(".tandem") && !DEVICE.matcher(lower).matches(),
                "must not have the reserved name " + name + ", was " + path);
    }

    private static void require(boolean holds, String demand) {
        if (!holds) {
            throw Failure.invalid("path", "path " + demand + ".");
        }
    }
}
