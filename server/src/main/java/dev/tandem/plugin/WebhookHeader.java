package dev.tandem.plugin;

import dev.tandem.secret.Secret;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// A header that is sent to a webhook.
///
/// @param value taken for a secret: it often is a password
public record WebhookHeader(String name, Secret value) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]*");

    /// What is said by others: by us, and by HTTP itself.
    private static final Set<String> TAKEN =
            Set.of(
                    "connection",
                    "content-length",
                    "content-type",
                    "expect",
                    "host",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    /// A short value is found by chance in what it does not belong to.
    private static final int SCRUBBED_CHARS_MIN = 12;

    public WebhookHeader {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!NAME.matcher(name).matches() || TAKEN.contains(lower) || isOurs(lower)) {
            throw new IllegalArgumentException(
                    "plugins.webhooks.headers.name must be a header's name, and not one that is"
                            + " sent anyway, was '"
                            + Shortened.text(name, 100)
                            + "'");
        }
        if (!VALUE.matcher(value.reveal()).matches()) {
            throw new IllegalArgumentException(
                    "plugins.webhooks.headers.value must be printable ASCII characters");
        }
    }

    private static boolean isOurs(String lower) {
        return lower.startsWith("webhook-");
    }

    /// The text without the value; of `Bearer KEY` the key alone is enough.
    String scrub(String text) {
        String whole = value.reveal();
        String key = whole.substring(whole.lastIndexOf(' ') + 1);
        return key.length() < SCRUBBED_CHARS_MIN ? text : text.replace(key, "***");
    }
}
