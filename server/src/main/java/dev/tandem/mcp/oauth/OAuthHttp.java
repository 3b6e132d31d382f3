package dev.tandem.mcp.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks authorization servers. Every answer is small and there in time, and nobody sends us where
/// [Reach] does not allow. Whoever opens it closes it; an interrupt frees a caller at once.
final class OAuthHttp implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final int REDIRECTS_MAX = 3;
    private static final String PROTOCOL = "2025-11-25";

    private final OAuthSettings settings;
    private final HttpClient http;

    OAuthHttp(OAuthSettings settings) {
        this.settings = settings;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(settings.requestMax())
                        .build();
    }

    /// What a server said.
    ///
    /// @param json missing where it was none
    record Answer(int status, JsonNode json) {
        boolean isFine() {
            return status / 100 == 2;
        }

        /// A field that is text and not empty.
        Optional<String> text(String field) {
            return OAuthHttp.text(json, field);
        }
    }

    static Optional<String> text(JsonNode json, String field) {
        return Optional.ofNullable(json.path(field).textValue()).filter(text -> !text.isEmpty());
    }

    /// A field that can be a secret: one line, not blank.
    static Optional<Secret> secret(JsonNode json, String field) {
        return text(json, field)
                .filter(text -> !text.isBlank())
                .filter(text -> text.chars().noneMatch(Character::isISOControl))
                .map(Secret::new);
    }

    /// A JSON object that is for anybody to read; empty where there is none.
    ///
    /// @throws Failure UPSTREAM_ERROR where there is something else, or the server is in trouble
    Optional<JsonNode> document(URI uri, Reach reach) throws InterruptedException {
        URI at = uri;
        for (int hop = 0; hop <= REDIRECTS_MAX; hop++) {
            reach.require(at);
            HttpResponse<byte[]> response =
                    send(request(at).header("MCP-Protocol-Version", PROTOCOL).GET().build());
            Optional<String> location = response.headers().firstValue("Location");
            if (response.statusCode() / 100 != 3 || location.isEmpty()) {
                return document(at, response);
            }
            at = resolved(at, location.get());
        }
        throw broken(uri, " redirects more than " + REDIRECTS_MAX + " times");
    }

    private static Optional<JsonNode> document(URI uri, HttpResponse<byte[]> response) {
        if (response.statusCode() / 100 == 4) {
            return Optional.empty();
        }
        JsonNode json = json(response.body());
        if (response.statusCode() != 200 || !json.isObject()) {
            throw broken(uri, " answered " + response.statusCode() + ", and no JSON object");
        }
        return Optional.of(json);
    }

    private static URI resolved(URI base, String location) {
        try {
            return base.resolve(location);
        } catch (IllegalArgumentException noUrl) {
            throw broken(base, " redirects to what is no URL");
        }
    }

    /// Posts and never follows a redirect: what is sent is secret.
    ///
    /// @param authorization the header's value
    Answer post(URI uri, Reach reach, String type, String body, Optional<String> authorization)
            throws InterruptedException {
        reach.require(uri);
        HttpRequest.Builder request =
                request(uri).header("Content-Type", type).POST(BodyPublishers.ofString(body));
        authorization.ifPresent(value -> request.header("Authorization", value));
        HttpResponse<byte[]> response = send(request.build());
        return new Answer(response.statusCode(), json(response.body()));
    }

    /// What an MCP server says of itself to somebody who says nothing of who they are.
    Optional<String> challenge(URI server, Reach reach) throws InterruptedException {
        reach.require(server);
        HttpRequest request =
                request(server).setHeader("Accept", "text/event-stream").GET().build();
        HttpResponse<InputStream> response = send(request, BodyHandlers.ofInputStream());
        drop(response.body());
        return response.statusCode() == 401
                ? response.headers().allValues("WWW-Authenticate").stream()
                        .reduce((one, other) -> one + ", " + other)
                : Optional.empty();
    }

    private static void drop(InputStream body) {
        try {
            body.close();
        } catch (IOException gone) {
            // as it should be
        }
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).header("Accept", "application/json");
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws InterruptedException {
        return send(
                request,
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), settings.documentBytesMax()));
    }

    private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> body)
            throws InterruptedException {
        CompletableFuture<HttpResponse<T>> answer = http.sendAsync(request, body);
        boolean answered = false;
        try {
            HttpResponse<T> response =
                    answer.get(settings.requestMax().toMillis(), TimeUnit.MILLISECONDS);
            answered = true;
            return response;
        } catch (TimeoutException late) {
            throw new Failure(
                    FailureCode.UPSTREAM_TIMEOUT,
                    Urls.shown(request.uri())
                            + " did not answer within "
                            + settings.requestMax().toMillis() / 1000.0
                            + " s.",
                    late);
        } catch (ExecutionException failed) {
            throw new Failure(
                    FailureCode.UPSTREAM_UNAVAILABLE,
                    Urls.shown(request.uri()) + " cannot be reached, or says too much.",
                    failed);
        } finally {
            if (!answered) {
                answer.cancel(true);
            }
        }
    }

    private static JsonNode json(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            return json == null ? MissingNode.getInstance() : json;
        } catch (IOException noJson) {
            return MissingNode.getInstance();
        }
    }

    static Failure broken(URI uri, String what) {
        return new Failure(FailureCode.UPSTREAM_ERROR, Urls.shown(uri) + what + ".");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
