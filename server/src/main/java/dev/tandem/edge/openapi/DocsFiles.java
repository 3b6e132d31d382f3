package dev.tandem.edge.openapi;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// The page that shows the document, and what it is made of. Everything comes from the class path;
/// the page asks no other server for anything.
final class DocsFiles {
    private static final String OURS = "/docs/";
    private static final String WEBJAR = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final Header HTML = type("text/html; charset=utf-8");
    private static final Header SCRIPT = type("text/javascript; charset=utf-8");
    private static final Header STYLE = type("text/css; charset=utf-8");

    /// Scripts, styles and requests to this server, nothing else; Swagger UI draws its icons from
    /// `data:`.
    private static final Map<String, String> HEADERS =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self';"
                            + " img-src 'self' data:; connect-src 'self'; base-uri 'none';"
                            + " form-action 'none'; frame-ancestors 'none'",
                    "X-Content-Type-Options",
                    "nosniff",
                    "Referrer-Policy",
                    "no-referrer");

    private final Asset page = asset(HTML, OURS + "index.html");
    private final Map<String, Asset> files;

    DocsFiles() {
        String swagger = "/META-INF/resources/webjars/swagger-ui/" + webjarVersion() + "/";
        this.files =
                Map.of(
                        "docs.js", asset(SCRIPT, OURS + "docs.js"),
                        "docs.css", asset(STYLE, OURS + "docs.css"),
                        "swagger-ui-bundle.js", asset(SCRIPT, swagger + "swagger-ui-bundle.js"),
                        "swagger-ui.css", asset(STYLE, swagger + "swagger-ui.css"));
    }

    Asset page() {
        return page;
    }

    /// A file that the page needs.
    Optional<Asset> file(String name) {
        return Optional.ofNullable(files.get(name));
    }

    private static Asset asset(Header type, String resource) {
        return new Asset(type, HEADERS, () -> read(resource));
    }

    private static byte[] read(String resource) {
        try (InputStream bytes = open(resource)) {
            return bytes.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String webjarVersion() {
        try (InputStream file = open(WEBJAR)) {
            Properties properties = new Properties();
            properties.load(file);
            return properties.getProperty("version", "");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static InputStream open(String resource) {
        InputStream bytes = DocsFiles.class.getResourceAsStream(resource);
        if (bytes == null) {
            throw new IllegalStateException("the class path lacks " + resource);
        }
        return bytes;
    }

    private static Header type(String value) {
        return HeaderValues.createCached(HeaderNames.CONTENT_TYPE, value);
    }
}
