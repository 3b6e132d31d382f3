package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the server says of itself to authorization servers, and where.
final class ClientDocumentTest {
    private static final String USUAL = "/v1/mcp/oauth/client.json";

    @TempDir Path folder;

    @Test
    void isServedToEverybodyWhereItsAddressIs() throws Exception {
        String url = "https://tandem.example" + USUAL;
        try (RunningServer server = start("https://tandem.example/", url)) {
            HttpResponse<String> answer = server.get(USUAL);

            JsonNode document = new ObjectMapper().readTree(answer.body());
            assertEquals(200, answer.statusCode());
            assertEquals(
                    "application/json", answer.headers().firstValue("content-type").orElse(""));
            assertEquals(url, document.path("client_id").asText());
            assertEquals("none", document.path("token_endpoint_auth_method").asText());
            assertEquals(
                    "https://tandem.example/v1/mcp/oauth/callback",
                    document.path("redirect_uris").path(0).asText());
            assertEquals(401, server.get("/v1/mcp/servers").statusCode());
        }
    }

    @Test
    void isBelowTheBaseOfAServerBehindAnother() {
        try (RunningServer server =
                start("https://example.org/tandem", "https://example.org/tandem/about/me.json")) {
            assertEquals(200, server.get("/about/me.json").statusCode());
            assertEquals(404, server.get(USUAL).statusCode());
        }
    }

    @Test
    void isNotHereWhereSomebodyElseServesIt() {
        try (RunningServer server =
                start("https://tandem.example", "https://cdn.example/client.json")) {
            assertEquals(404, server.get(USUAL).statusCode());
            assertEquals(404, server.get("/client.json").statusCode());
        }
    }

    private RunningServer start(String base, String url) {
        return RunningServer.start(
                folder,
                Map.of(
                        "auth.keys.0.name",
                        "phone",
                        "auth.keys.0.key",
                        "caller-key-7f3a9c51",
                        "mcp.claude-servers",
                        "false",
                        "mcp.oauth.redirect-base",
                        base,
                        "mcp.oauth.client-metadata-url",
                        url));
    }
}
