package dev.tandem.plugin;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Which tools there are beside those of MCP servers.
///
/// @param folder holds the jars of Java plugins; need not be there
/// @param callsMax the most calls in progress of one Java plugin, those included that nobody waits
///     for any more
/// @param connectMax how long reaching a webhook may take
/// @param answerBytesMax the most bytes of a webhook's answer
/// @param webhooks of different names
public record PluginSettings(
        Path folder,
        int callsMax,
        Duration connectMax,
        int answerBytesMax,
        List<WebhookSettings> webhooks) {

    /// No webhooks.
    public static final PluginSettings DEFAULTS =
            new PluginSettings(Path.of("plugins"), 64, Duration.ofSeconds(5), 1 << 20, List.of());

    public PluginSettings {
        webhooks = List.copyOf(webhooks);
        require(!folder.toString().isBlank(), "plugins.folder must not be empty");
        require(callsMax >= 1, "plugins.calls-max must be at least 1, was " + callsMax);
        require(
                connectMax.toMillis() >= 1,
                "plugins.connect-max must be at least 1 ms, was " + connectMax);
        require(
                answerBytesMax >= 1,
                "plugins.answer-bytes-max must be at least 1, was " + answerBytesMax);
        for (int i = 0; i < webhooks.size(); i++) {
            for (int j = 0; j < i; j++) {
                require(
                        !webhooks.get(i).name().equals(webhooks.get(j).name()),
                        "plugins.webhooks.%d.name must be unique, was %s, as plugins.webhooks.%d.name"
                                .formatted(i, webhooks.get(i).name(), j));
            }
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
