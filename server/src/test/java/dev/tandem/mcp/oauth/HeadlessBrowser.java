package dev.tandem.mcp.oauth;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Somebody who consents to everything at once, and brings back what the authorization server says.
public final class HeadlessBrowser {
    /// Where it is sent back to; nobody listens there, for it does not go.
    public static final URI BACK = URI.create("http://localhost:8080" + OAuthSettings.CALLBACK);

    private HeadlessBrowser() {}

    /// Opens the page of a sign-in.
    ///
    /// @return the parameters that it is sent back with
    static Map<String, String> open(URI page) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    http.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
            String back = answer.headers().firstValue("Location").orElseThrow();
            return parameters(URI.create(back).getRawQuery());
        }
    }

    /// Signs an owner in.
    public static SignedIn signIn(
            Authorizations authorizations, TokenOwner owner, OAuthServer server)
            throws IOException, InterruptedException {
        Map<String, String> back = open(authorizations.begin(owner, server, BACK));
        return authorizations.complete(
                back.getOrDefault("state", ""),
                back.getOrDefault("code", ""),
                Optional.ofNullable(back.get("iss")));
    }

    static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query.split("&", -1)) {
            String[] sides = pair.split("=", 2);
            parameters.put(sides[0], URLDecoder.decode(sides[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }
}
