package dev.tandem.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// JSON files that are read again whenever they have changed; looked at when they are asked for.
/// Safe for use by many threads.
final class JsonFiles {
    private static final int FILES_MAX = 500;
    private static final int BYTES_MAX = 64 << 20;
    private static final int FOREIGN_BYTES_MAX = 256 << 10;
    private static final Content ABSENT = new Content(MissingNode.getInstance(), Optional.empty());

    private final Map<Path, Known> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Path, Known> eldest) {
                    return size() > FILES_MAX;
                }
            };

    /// What a file holds.
    ///
    /// @param json missing where there is no file, or a problem with it
    /// @param problem in words for the operator
    record Content(JsonNode json, Optional<String> problem) {}

    private record Stamp(FileTime modified, long bytes, @Nullable Object file) {}

    private record Known(Stamp stamp, Content content) {}

    /// Reads a file of the operator's.
    Content read(Path file) {
        try {
            return known(file.toRealPath(), BYTES_MAX);
        } catch (NoSuchFileException absent) {
            return ABSENT;
        } catch (IOException unreadable) {
            return problem(file, "cannot be read; check that it is a file and may be read.");
        }
    }

    /// Reads a file of a folder whose owner is not trusted: links that lead out of it are not
    /// followed.
    ///
    /// @param name of the file, within the folder
    Content readWithin(Path folder, String name) {
        Path file = folder.resolve(name);
        try {
            Path real = file.toRealPath();
            return real.startsWith(folder.toRealPath())
                    ? known(real, FOREIGN_BYTES_MAX)
                    : problem(file, "leads out of its project's folder and is not read.");
        } catch (NoSuchFileException absent) {
            return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    ? problem(file, "is a link to nothing.")
                    : ABSENT;
        } catch (IOException unreadable) {
            return problem(file, "cannot be read; check that it is a file and may be read.");
        }
    }

    private Content known(Path file, int bytesMax) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        Stamp stamp = new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
        synchronized (known) {
            Known before = known.get(file);
            if (before != null && before.stamp().equals(stamp)) {
                return before.content();
            }
        }
        Content content =
                now.isRegularFile()
                        ? parsed(file, bytesMax)
                        : problem(file, "is no file and is not read.");
        synchronized (known) {
            known.put(file, new Known(stamp, content));
        }
        return content;
    }

    private static Content parsed(Path file, int bytesMax) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            bytes = in.readNBytes(bytesMax + 1);
        }
        if (bytes.length > bytesMax) {
            return problem(file, "has more than " + bytesMax + " bytes and is not read.");
        }
        try {
            JsonNode json = DeclarationJson.JSON.readTree(bytes);
            return json.isObject() || bytes.length == 0
                    ? new Content(json, Optional.empty())
                    : problem(file, "is no JSON object.");
        } catch (JsonProcessingException malformed) {
            return problem(
                    file,
                    "is no JSON; look at line "
                            + Optional.ofNullable(malformed.getLocation())
                                    .map(place -> place.getLineNr())
                                    .orElse(1)
                            + ".");
        }
    }

    private static Content problem(Path file, String problem) {
        return new Content(
                MissingNode.getInstance(), Optional.of(file.getFileName() + " " + problem));
    }
}
