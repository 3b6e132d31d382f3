package dev.tandem.mcp.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChallengeTest {
    @Test
    void readsWhatAServerDemands() {
        Challenge challenge =
                Challenge.of(
                        Optional.of(
                                "Bearer realm=\"a, b\", error=\"insufficient_scope\",\n"
                                        + " scope=\"files:read files:write\",resource_metadata ="
                                        + " \"https://mcp.example.com/.well-known/x\""));

        assertEquals(
                new Challenge(
                        Optional.of(URI.create("https://mcp.example.com/.well-known/x")),
                        Scopes.of("files:read files:write"),
                        Optional.of("insufficient_scope")),
                challenge);
    }

    @Test
    void readsValuesWithAndWithoutQuotes() {
        Challenge challenge =
                Challenge.of(Optional.of("bearer scope=read, error=\"a \\\"quoted\\\" word\""));

        assertEquals(Scopes.of("read"), challenge.scopes());
        assertEquals(Optional.of("a \"quoted\" word"), challenge.error());
    }

    @Test
    void listensToNoOtherScheme() {
        Challenge challenge =
                Challenge.of(
                        Optional.of(
                                "Basic realm=\"x\", scope=\"wrong\", Bearer scope=\"right\","
                                        + " DPoP algs=\"ES256\", error=\"other\""));

        assertEquals(
                new Challenge(Optional.empty(), Scopes.of("right"), Optional.empty()), challenge);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Negotiate abc==",
                "Bearer resource_metadata=\"no url at all\"",
                "Bearer resource_metadata=\"/relative\"",
                "scope=\"before any scheme\"",
                "\"\"\\,,=="
            })
    void passesOverWhatItDoesNotUnderstand(String header) {
        assertEquals(Challenge.NONE, Challenge.of(Optional.of(header)));
    }

    @Test
    void readsAHeaderThatIsMeantToHurt() {
        String value = "\\\"".repeat(4_000);

        Challenge challenge = Challenge.of(Optional.of("Bearer scope=\"" + value + "\""));

        assertEquals(Scopes.of("\"".repeat(4_000)), challenge.scopes());
        assertEquals(Challenge.NONE, Challenge.of(Optional.of("Bearer scope=\"" + value)));
    }
}
