package dev.tandem.plugin;

import dev.tandem.conversation.Content;
import dev.tandem.secret.Secret;
import dev.tandem.tool.ToolHints;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolWatcher;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A webhook as tests set it up and call it: `weather`, which wants a `city`.
final class Weather implements AutoCloseable {
    static final byte[] KEY = "0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.UTF_8);
    static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(KEY);
    static final String PASSWORD = "bearer-of-the-hook-5d1";
    static final String ARGUMENTS = "{\"city\":\"Paris\"}";
    static final String SCHEMA =
            """
            {"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";

    private final List<Runnable> closers = new ArrayList<>();

    static WebhookSettings hook(URI uri) {
        return hook(uri, Optional.of(new Secret(SECRET)), Duration.ofSeconds(10));
    }

    static WebhookSettings hook(URI uri, Optional<Secret> secret, Duration totalMax) {
        return new WebhookSettings(
                "weather",
                "Tells the weather.",
                uri,
                SCHEMA,
                ToolHints.NONE,
                secret,
                totalMax,
                List.of(new WebhookHeader("authorization", new Secret("Bearer " + PASSWORD))));
    }

    static PluginSettings settings(WebhookSettings hook) {
        return new PluginSettings(
                Path.of("no-plugins"), 1, Duration.ofSeconds(5), 1 << 20, List.of(hook));
    }

    PluginSource source(WebhookSettings hook) {
        PluginSource source =
                new PluginSource(settings(hook), WorkspaceFolders.NONE, Scopes.ids(), Scopes.CLOCK);
        closers.add(source::close);
        return source;
    }

    WebhookServer server(Pause pause, WebhookSettings hook) {
        WebhookServer server = new WebhookServer(settings(hook), Scopes.ids(), Scopes.CLOCK, pause);
        closers.add(server::close);
        return server;
    }

    static ToolOutput call(PluginSource source, String arguments) throws InterruptedException {
        return source.call(Scopes.PROJECT, "webhooks", "weather", arguments, ToolWatcher.NONE);
    }

    static ToolOutput call(PluginSource source) throws InterruptedException {
        return call(source, ARGUMENTS);
    }

    static ToolOutput call(WebhookServer server) throws InterruptedException {
        return server.call(Scopes.PROJECT, "weather", ARGUMENTS, ToolWatcher.NONE);
    }

    static String text(ToolOutput output) {
        return ((Content.Text) output.content().getFirst()).text();
    }

    @Override
    public void close() {
        closers.forEach(Runnable::run);
    }
}
