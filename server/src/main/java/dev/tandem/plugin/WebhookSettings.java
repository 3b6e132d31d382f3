package dev.tandem.plugin;

import dev.tandem.secret.Secret;
import dev.tandem.tool.ToolHints;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A tool that is an address to post to.
///
/// @param name as of any tool
/// @param description for the model
/// @param url http or https, without a user
/// @param inputSchemaJson the JSON Schema of its arguments
/// @param secret signs what is posted: `whsec_` and 24 to 64 bytes in base64
/// @param totalMax how long a call may take
/// @param headers sent with each call
public record WebhookSettings(
        String name,
        String description,
        URI url,
        String inputSchemaJson,
        ToolHints hints,
        Optional<Secret> secret,
        Duration totalMax,
        List<WebhookHeader> headers) {
    /// Takes any arguments.
    public static final String ANY_ARGUMENTS = "{\"type\":\"object\"}";

    public static final Duration TOTAL_MAX = Duration.ofSeconds(30);
    private static final Duration LIMIT_MAX = Duration.ofHours(24);

    public WebhookSettings {
        headers = List.copyOf(headers);
        PluginNames.check("plugins.webhooks.name", name, PluginTool.NAME_CHARS_MAX);
        String scheme = url.getScheme();
        if (!("https".equals(scheme) || "http".equals(scheme)) || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "plugins.webhooks.url must be an http or https address");
        }
        if (url.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "plugins.webhooks.url must not hold a user; send them as a header");
        }
        if (totalMax.toMillis() < 1 || totalMax.compareTo(LIMIT_MAX) > 0) {
            throw new IllegalArgumentException(
                    "plugins.webhooks.total-max must be between 1 ms and %s, was %s"
                            .formatted(LIMIT_MAX, totalMax));
        }
        try {
            ArgumentsSchema _ = ArgumentsSchema.of(inputSchemaJson);
        } catch (IllegalArgumentException broken) {
            throw new IllegalArgumentException(
                    "plugins.webhooks.input-schema must be a JSON Schema; " + broken.getMessage(),
                    broken);
        }
        secret.ifPresent(WebhookSigner::check);
    }

    PluginTool tool() {
        return new PluginTool(name, description, inputSchemaJson, hints);
    }

    /// The text without the secrets, should it hold one.
    String scrub(String text) {
        String clean = text;
        for (WebhookHeader header : headers) {
            clean = header.scrub(clean);
        }
        return secret.isPresent() ? secret.get().scrub(clean) : clean;
    }

    /// Its address may hold a secret, too.
    @Override
    public String toString() {
        return "WebhookSettings[" + name + " at " + url.getHost() + "]";
    }
}
