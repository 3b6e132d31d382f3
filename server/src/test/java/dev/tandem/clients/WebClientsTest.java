package dev.tandem.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import dev.tandem.edge.listener.TestCertificate;
import dev.tandem.launch.RunningServer;
import dev.tandem.testing.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// connect-web and REST from JavaScript: in Node, and in a browser with pages of two origins, of
/// which the server lists one.
@Timeout(240)
final class WebClientsTest {
    private static final Path SOURCES = Path.of("src/test/clients/web").toAbsolutePath();
    private static final Path CONTRACT =
            Path.of("../proto/target/classes/tandem/descriptors.binpb").toAbsolutePath();
    private static final Path CLIENTS = Path.of("target/clients/web").toAbsolutePath();
    private static final List<String> FILES =
            List.of("buf.gen.yaml", "calls.js", "check.js", "browse.js", "page.html");
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    @TempDir static Path folder;
    private static HttpServer listed;
    private static HttpServer unlisted;
    private static RunningServer server;

    @BeforeAll
    static void prepare() throws IOException, InterruptedException {
        Tool.required("npm", "--version");
        Tool.prepared(
                CLIENTS,
                List.of(SOURCES.resolve("package.json"), SOURCES.resolve("package-lock.json")),
                into -> Tool.run(into, "npm", "ci", "--no-audit", "--no-fund"));
        for (String file : FILES) {
            Files.copy(
                    SOURCES.resolve(file),
                    CLIENTS.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Tool.run(CLIENTS, "node_modules/.bin/buf", "generate", CONTRACT.toString());
        listed = pages();
        unlisted = pages();
        server = RunningServer.start(Files.createDirectory(folder.resolve("plain")), settings());
    }

    private static HttpServer pages() {
        HttpServer pages =
                SimpleFileServer.createFileServer(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        CLIENTS,
                        OutputLevel.NONE);
        pages.start();
        return pages;
    }

    private static Map<String, String> settings() {
        return Map.of(
                "scripted.enabled", "true",
                "scripted.pace", "0ms",
                "auth.keys.0.name", "page",
                "auth.keys.0.key", KEY,
                "server.cors.origins", origin(listed));
    }

    private static String origin(HttpServer pages) {
        return "http://127.0.0.1:" + pages.getAddress().getPort();
    }

    @AfterAll
    static void end() {
        if (server != null) {
            server.close();
            listed.stop(0);
            unlisted.stop(0);
        }
    }

    private static String base() {
        return server.uri("").toString();
    }

    @Test
    void connectWebFromNode() throws Exception {
        assertEquals("", Tool.run(CLIENTS, "node", "check.js", base(), KEY).strip());
    }

    @Test
    void aPageOfAListedOriginCallsEverything() throws Exception {
        browse(listed, base(), "works");
    }

    @Test
    void aPageOfAnotherOriginIsBlocked() throws Exception {
        browse(unlisted, base(), "blocked");
    }

    /// A browser speaks HTTP/2 only with TLS; gRPC-Web, REST and their preflights share the one
    /// connection then.
    @Test
    void aPageCallsEverythingOverHttp2() throws Exception {
        TestCertificate certificate = TestCertificate.create(folder, "browser");
        Map<String, String> settings = new HashMap<>(settings());
        settings.put("server.tls.certificate", certificate.chain().toString());
        settings.put("server.tls.private-key", certificate.key().toString());
        try (RunningServer secure =
                RunningServer.start(Files.createDirectory(folder.resolve("tls")), settings)) {
            browse(listed, "https://localhost:" + secure.port(), "works");
        }
    }

    private static void browse(HttpServer pages, String base, String expected) throws Exception {
        String chromium = System.getenv().getOrDefault("CHROMIUM", "/usr/bin/chromium");
        Tool.required(chromium, "--version");
        Tool.run(
                CLIENTS,
                "node",
                "browse.js",
                chromium,
                origin(pages) + "/page.html",
                base,
                KEY,
                expected);
    }
}
