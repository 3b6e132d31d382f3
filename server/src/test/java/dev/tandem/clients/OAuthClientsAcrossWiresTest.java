package dev.tandem.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.launch.RunningServer;
import dev.tandem.testing.SignInServer;
import dev.tandem.v1.AuthorizeServerRequest;
import dev.tandem.v1.CreateServerRequest;
import dev.tandem.v1.DeleteServerRequest;
import dev.tandem.v1.GetServerRequest;
import dev.tandem.v1.ListServerToolsRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// OAuth clients that were registered by hand, over both wires.
final class OAuthClientsAcrossWiresTest {
    @TempDir private static Path data;
    private static SignInServer wanted;
    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        wanted = new SignInServer();
        Map<String, String> settings = new TreeMap<>();
        settings.put("mcp.claude-servers", "false");
        settings.put("mcp.oauth.redirect-base", "http://127.0.0.1:1");
        for (String name : new String[] {"alone", "people"}) {
            String prefix = "mcp.servers." + name + ".";
            settings.put(prefix + "url", wanted.url().toString());
            settings.put(prefix + "oauth.client-id", SignInServer.CLIENT);
            settings.put(prefix + "oauth.client-secret", SignInServer.CLIENT_SECRET);
            settings.put(prefix + "oauth.scopes", "read,write");
        }
        settings.put("mcp.servers.alone.oauth.grant", "client-credentials");
        settings.put("auth.keys.0.name", "operator");
        settings.put("auth.keys.0.key", "operator-0123456789");
        settings.put("auth.keys.0.admin", "true");
        server = RunningServer.start(data, settings);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        wanted.close();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertFalse(text.contains(SignInServer.CLIENT_SECRET), file::toString);
                assertFalse(text.contains(SignInServer.TOKEN), file::toString);
            }
        }
    }

    static Stream<Wire> wires() {
        return Stream.<Wire>of(
                        new GrpcWire(server.grpc(), Map.of()), new RestWire(server, Map.of()))
                .map(wire -> wire.as("operator-0123456789"));
    }

    @ParameterizedTest
    @MethodSource("wires")
    void credentialsAreEnoughWhereThatIsTheGrant(Wire wire) {
        JsonNode tools =
                wire.call(ListServerToolsRequest.newBuilder().setServerId("alone").build()).ok();

        assertEquals("secret", tools.path("data").path(0).path("name").asText());
        assertEquals(
                "invalid_request at server_id",
                wire.call(AuthorizeServerRequest.newBuilder().setServerId("alone").build())
                        .failure());
    }

    @ParameterizedTest
    @MethodSource("wires")
    void peopleSignInAsTheClientThatWasRegistered(Wire wire) {
        String page =
                wire.call(AuthorizeServerRequest.newBuilder().setServerId("people").build())
                        .ok()
                        .path("authorization_url")
                        .asText();

        assertTrue(page.contains("client_id=" + SignInServer.CLIENT), page);
        assertTrue(page.matches(".*scope=(read(\\+|%20)write|write(\\+|%20)read).*"), page);
    }

    @ParameterizedTest
    @MethodSource("wires")
    void anAdminAddsAServerWithAClientAndItsSecretIsNeverShown(Wire wire) {
        CreateServerRequest.Builder request =
                CreateServerRequest.newBuilder()
                        .setName("added")
                        .setUrl("https://mcp.invalid/mcp")
                        .setClientId(SignInServer.CLIENT)
                        .setClientSecret(SignInServer.CLIENT_SECRET)
                        .addScopes("read");

        JsonNode made = wire.call(request.build()).ok();
        JsonNode found = wire.call(GetServerRequest.newBuilder().setServerId("added").build()).ok();

        assertFalse(made.toString().contains(SignInServer.CLIENT_SECRET));
        assertFalse(found.toString().contains(SignInServer.CLIENT_SECRET));
        wire.call(DeleteServerRequest.newBuilder().setServerId("added").build()).ok();
    }

    @ParameterizedTest
    @MethodSource("wires")
    void whatDoesNotGoTogetherIsNamed(Wire wire) {
        CreateServerRequest.Builder remote =
                CreateServerRequest.newBuilder().setName("x").setUrl("https://mcp.invalid");
        assertWrong(wire, "client_id", remote.clone().setClientSecret("x"));
        assertWrong(wire, "client_id", remote.clone().setGrant("client_credentials"));
        assertWrong(
                wire,
                "client_secret",
                remote.clone().setGrant("client_credentials").setClientId("x"));
        assertWrong(wire, "grant", remote.clone().setGrant("password"));
        assertWrong(
                wire,
                "client_id",
                remote.clone().setClientId("x").putHeaders("Authorization", "Bearer a"));
        assertWrong(
                wire,
                "scopes",
                CreateServerRequest.newBuilder().setName("x").setCommand("x").addScopes("read"));
    }

    private static void assertWrong(Wire wire, String param, CreateServerRequest.Builder request) {
        assertEquals("invalid_request at " + param, wire.call(request.build()).failure());
    }
}
