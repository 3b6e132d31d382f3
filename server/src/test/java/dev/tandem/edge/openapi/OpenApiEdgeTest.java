package dev.tandem.edge.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.tandem.launch.RunningServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The document, the descriptors and the page, on a server with keys.
final class OpenApiEdgeTest {
    private static final String KEY = "0123456789abcdef";
    private static final List<String> ALL =
            List.of("/openapi.json", "/descriptors.binpb", "/docs", "/docs/docs.js");

    @TempDir static Path folder;

    private static RunningServer server;

    @BeforeAll
    static void start() {
        server =
                RunningServer.start(
                        folder, Map.of("auth.keys.0.name", "me", "auth.keys.0.key", KEY));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theContractNeedsAKeyAndThePageDoesNot() {
        assertEquals(401, server.get("/openapi.json").statusCode());
        assertEquals(401, server.get("/descriptors.binpb").statusCode());
        assertEquals(200, server.get("/docs").statusCode());
        assertEquals(200, server.get("/docs/docs.js").statusCode());
        assertEquals(200, withKey("GET", "/openapi.json").statusCode());
    }

    @Test
    void whoHasItAlreadyGetsNothing() {
        for (String path : ALL) {
            String mark = withKey("GET", path).headers().firstValue("etag").orElseThrow();

            HttpResponse<String> same = withKey("GET", path, "if-none-match", mark);
            HttpResponse<String> other = withKey("GET", path, "if-none-match", "\"other\"");

            assertEquals(304, same.statusCode(), path);
            assertEquals("", same.body(), path);
            assertEquals(mark, same.headers().firstValue("etag").orElse(""), path);
            assertEquals(200, other.statusCode(), path);
        }
    }

    @Test
    void headTellsTheLength() {
        for (String path : ALL) {
            HttpResponse<String> head = withKey("HEAD", path);

            assertEquals(200, head.statusCode(), path);
            assertTrue(head.headers().firstValueAsLong("content-length").orElse(0) > 0, path);
        }
    }

    @Test
    void nothingElseCanBeDoneWithThem() {
        for (String path : ALL) {
            HttpResponse<String> answer = withKey("DELETE", path);

            assertEquals(405, answer.statusCode(), path);
            assertEquals("GET, HEAD", answer.headers().firstValue("allow").orElse(""), path);
        }
    }

    @Test
    void thePageLoadsOnlyWhatThisServerHas() {
        String page = server.get("/docs").body();

        List<String> links =
                Pattern.compile("(?:src|href)=\"([^\"]*)\"")
                        .matcher(page)
                        .results()
                        .map((MatchResult link) -> link.group(1))
                        .filter(link -> !link.startsWith("data:"))
                        .toList();

        assertFalse(links.isEmpty());
        for (String link : links) {
            assertFalse(link.contains("//"), link);
            assertEquals(200, withKey("GET", "/" + link.replaceFirst("^/", "")).statusCode(), link);
        }
    }

    @Test
    void thePageMayLoadNothingElse() {
        String policy =
                server.get("/docs").headers().firstValue("content-security-policy").orElse("");

        assertTrue(policy.startsWith("default-src 'none';"), policy);
        assertFalse(policy.contains("http"), policy);
        assertFalse(policy.contains("unsafe"), policy);
    }

    @Test
    void filesThatThePageDoesNotNeedAreNotThere() {
        for (String path : List.of("/docs/index.html", "/docs/..%2Fopenapi", "/docs/a/b")) {
            assertEquals(404, withKey("GET", path).statusCode(), path);
        }
    }

    @Test
    void theDescriptorsAreAWholeSetWithComments() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(server.uri("/descriptors.binpb"))
                        .header("x-api-key", KEY)
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            FileDescriptorSet set =
                    FileDescriptorSet.parseFrom(
                            client.send(request, BodyHandlers.ofByteArray()).body());

            List<String> names =
                    set.getFileList().stream().map(FileDescriptorProto::getName).toList();
            assertTrue(names.contains("tandem/v1/chat.proto"), names::toString);
            assertTrue(names.contains("google/protobuf/timestamp.proto"), names::toString);
            assertTrue(set.getFileList().getLast().getSourceCodeInfo().getLocationCount() > 0);
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    private static HttpResponse<String> withKey(String method, String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri(path))
                        .header("authorization", "Bearer " + KEY)
                        .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return server.send(request);
    }
}
