package dev.tandem.provider.anthropic;

import dev.tandem.secret.Secret;
import java.net.URI;
import java.time.Duration;

/// How to reach Anthropic.
///
/// @param apiKey sent as `x-api-key`, never shown
/// @param baseUrl before `/v1/messages`; a proxy's, where there is one
/// @param version the header `anthropic-version`; pinned, for a newer one changes what is accepted
/// @param promptCache whether histories that grow turn by turn are cached at Anthropic, which costs
///     a quarter more to write and a tenth to read
/// @param headersMax from sending a request to the first line of the answer
/// @param idleMax between two pieces of an answer
/// @param totalMax for a whole answer
public record AnthropicSettings(
        Secret apiKey,
        URI baseUrl,
        String version,
        boolean promptCache,
        Duration headersMax,
        Duration idleMax,
        Duration totalMax) {

    public static final URI BASE_URL = URI.create("https://api.anthropic.com");
    public static final String VERSION = "2023-06-01";
    private static final Duration LIMIT_MAX = Duration.ofHours(24);

    public AnthropicSettings {
        String scheme = baseUrl.getScheme();
        if (!("https".equals(scheme) || "http".equals(scheme)) || baseUrl.getHost() == null) {
            throw new IllegalArgumentException(
                    "anthropic.base-url must be an http or https URL, was " + baseUrl);
        }
        if (!version.matches("\\d{4}-\\d{2}-\\d{2}")) {
            throw new IllegalArgumentException(
                    "anthropic.version must be a date such as " + VERSION + ", was " + version);
        }
        check("headers-max", headersMax);
        check("idle-max", idleMax);
        check("total-max", totalMax);
    }

    /// All defaults.
    public static AnthropicSettings of(Secret apiKey) {
        return new AnthropicSettings(
                apiKey,
                BASE_URL,
                VERSION,
                true,
                Duration.ofMinutes(2),
                Duration.ofMinutes(2),
                Duration.ofMinutes(30));
    }

    /// The same, aimed elsewhere.
    public AnthropicSettings at(URI url) {
        return new AnthropicSettings(
                apiKey, url, version, promptCache, headersMax, idleMax, totalMax);
    }

    /// Where messages are posted.
    URI messages() {
        String base = baseUrl.toString();
        return URI.create((base.endsWith("/") ? base : base + "/") + "v1/messages");
    }

    private static void check(String key, Duration value) {
        if (value.toMillis() < 1 || value.compareTo(LIMIT_MAX) > 0) {
            throw new IllegalArgumentException(
                    "anthropic.%s must be between 1 ms and %s, was %s"
                            .formatted(key, LIMIT_MAX, value));
        }
    }
}
