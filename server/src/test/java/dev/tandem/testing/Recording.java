package dev.tandem.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Real exchanges with a provider, as a file keeps them. The files are not part of the repository:
/// [#folder] says whether they are there, and a test without them is skipped with a message.
///
/// @param name the file's name without `.json`
public record Recording(String name, String provider, String behaviour, List<Recorded> exchanges) {
    private static final JsonMapper JSON = new JsonMapper();

    /// The system property that says where the recordings are.
    public static final String PROPERTY = "tandem.recordings";

    /// One request and its answer.
    ///
    /// @param requestBody as it was sent; empty where it was not kept
    public record Recorded(
            String method,
            String url,
            String requestBody,
            int status,
            Map<String, String> headers,
            String body) {
        public Recorded {
            headers = Map.copyOf(headers);
        }

        /// Whether it is an answer of a model, and not a list or a count.
        public boolean isChat() {
            return method.equalsIgnoreCase("POST")
                    && url.replaceAll("\\?.*", "").endsWith("/messages");
        }

        public boolean isStream() {
            return headers.getOrDefault("content-type", "").startsWith("text/event-stream");
        }
    }

    public Recording {
        exchanges = List.copyOf(exchanges);
    }

    /// The recordings of a provider, by name; empty where there are none.
    public static List<Recording> of(String provider) {
        Optional<Path> folder =
                folder().map(all -> all.resolve(provider)).filter(Files::isDirectory);
        if (folder.isEmpty()) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder.get())) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(Recording::read)
                    .toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// The recording whose name begins so, such as `16`; empty where it is not there.
    public static Optional<Recording> find(String provider, String prefix) {
        return of(provider).stream().filter(found -> found.name().startsWith(prefix)).findFirst();
    }

    /// Where the recordings are: the property's folder, or `../shared/recordings` beside the
    /// project or any folder above it.
    public static Optional<Path> folder() {
        String set = System.getProperty(PROPERTY);
        if (set != null) {
            return Optional.of(Path.of(set)).filter(Files::isDirectory);
        }
        Path here = Path.of("").toAbsolutePath();
        return Stream.iterate(here, path -> path != null, Path::getParent)
                .map(path -> path.resolve("shared/recordings"))
                .filter(Files::isDirectory)
                .findFirst();
    }

    public static Recording read(Path file) {
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            List<Recorded> exchanges = new ArrayList<>();
            json.path("exchanges").forEach(exchange -> exchanges.add(recorded(exchange)));
            return new Recording(
                    String.valueOf(file.getFileName()).replace(".json", ""),
                    json.path("provider").asText(),
                    json.path("behaviour").asText(),
                    exchanges);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static Recorded recorded(JsonNode exchange) {
        JsonNode request = exchange.path("request");
        JsonNode response = exchange.path("response");
        Map<String, String> headers = new LinkedHashMap<>();
        response.path("headers")
                .properties()
                .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
        return new Recorded(
                request.path("method").asText(),
                request.path("url").asText(),
                text(request.path("body")),
                response.path("status").asInt(),
                headers,
                text(response.path("body")));
    }

    private static String text(JsonNode body) {
        return body.isTextual() || body.isMissingNode() || body.isNull()
                ? body.asText("")
                : body.toString();
    }
}
