package dev.tandem.launch;

import dev.tandem.edge.listener.ListenerSettings;
import dev.tandem.edge.rest.RestSettings;
import dev.tandem.project.WorkspaceSettings;
import dev.tandem.provider.anthropic.AnthropicSettings;
import dev.tandem.provider.local.LocalSettings;
import dev.tandem.run.RunSettings;
import dev.tandem.secret.Secret;
import dev.tandem.storage.jdbc.StorageSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Every setting of the server. To add one, read it here and describe it in
/// `docs/configuration.md`; a test holds the two together.
///
/// @param shutdownGrace how long calls and runs in progress may take to end
/// @param anthropic empty where no key is configured
/// @param local empty where the embedded model is switched off
record Settings(
        ListenerSettings listener,
        RestSettings rest,
        Exposure exposure,
        Duration shutdownGrace,
        AuthSettings auth,
        LogSettings log,
        StorageSettings storage,
        WorkspaceSettings workspaces,
        RunSettings runs,
        Optional<AnthropicSettings> anthropic,
        Optional<LocalSettings> local) {
    private static final String HOST = "127.0.0.1";
    private static final int PORT = 8000;

    /// Reads and checks all of them.
    ///
    /// @throws SettingsException where one is wrong, or is none
    static Settings read(Configuration all) {
        Section server = all.section("server");
        AuthSettings auth = AuthSettings.read(all.section("auth"));
        ListenerSettings listener = listener(server);
        boolean insecure = server.flag("insecure", false);
        Settings settings =
                new Settings(
                        listener,
                        server.checked(() -> new RestSettings(listener.limits().bodyBytesMax())),
                        new Exposure(listener.host(), !auth.keys().isEmpty(), insecure),
                        server.duration("shutdown-grace", Duration.ofSeconds(30)),
                        auth,
                        LogSettings.read(all.section("log")),
                        storage(all.section("storage")),
                        workspaces(all.section("workspaces")),
                        runs(all.section("runs")),
                        anthropic(all.section("anthropic")),
                        local(all.section("local"), all));
        all.refuseUnknown();
        return settings;
    }

    private static ListenerSettings listener(Section server) {
        ListenerSettings d = ListenerSettings.defaults().at(HOST, PORT);
        return server.checked(
                () ->
                        new ListenerSettings(
                                server.text("host", d.host()),
                                server.integer("port", d.port()),
                                server.word("transport", d.transport()),
                                timeouts(server.section("timeouts"), d.timeouts()),
                                limits(server.section("limits"), d.limits()),
                                keepAlive(server.section("keep-alive"), d.keepAlive())));
    }

    private static ListenerSettings.Timeouts timeouts(
            Section timeouts, ListenerSettings.Timeouts d) {
        return new ListenerSettings.Timeouts(
                timeouts.duration("head", d.head()),
                timeouts.duration("body", d.body()),
                timeouts.duration("write", d.write()),
                timeouts.duration("idle", d.idle()));
    }

    private static ListenerSettings.Limits limits(Section limits, ListenerSettings.Limits d) {
        return new ListenerSettings.Limits(
                limits.integer("connections-max", d.connectionsMax()),
                limits.integer("streams-max", d.streamsMax()),
                limits.bytes("head-bytes-max", d.headBytesMax()),
                limits.bytes("message-bytes-max", d.messageBytesMax()),
                limits.bytes("body-bytes-max", d.bodyBytesMax()),
                limits.bytes("stream-window-bytes", d.streamWindowBytes()),
                limits.bytes("connection-window-bytes", d.connectionWindowBytes()),
                limits.bytes("send-buffer-bytes", d.sendBufferBytes()),
                limits.integer("resets-max", d.resetsMax()),
                limits.duration("reset-window", d.resetWindow()));
    }

    private static ListenerSettings.KeepAlive keepAlive(
            Section keepAlive, ListenerSettings.KeepAlive d) {
        return new ListenerSettings.KeepAlive(
                keepAlive.duration("interval", d.interval()),
                keepAlive.duration("timeout", d.timeout()));
    }

    private static StorageSettings storage(Section storage) {
        StorageSettings d = StorageSettings.DEFAULTS;
        return storage.checked(
                () ->
                        new StorageSettings(
                                storage.path("folder", d.folder()),
                                storage.integer("readers", d.readers()),
                                storage.integer("queue-max", d.queueMax()),
                                storage.duration("wait-max", d.waitMax())));
    }

    private static WorkspaceSettings workspaces(Section workspaces) {
        WorkspaceSettings d = WorkspaceSettings.DEFAULTS;
        return workspaces.checked(() -> new WorkspaceSettings(workspaces.path("root", d.root())));
    }

    private static RunSettings runs(Section runs) {
        RunSettings d = RunSettings.DEFAULTS;
        return runs.checked(
                () ->
                        new RunSettings(
                                runs.integer("live-max", d.liveMax()),
                                runs.integer("log-chars-max", d.logCharsMax()),
                                runs.duration("stop-limit", d.stopLimit()),
                                runs.duration("heartbeat", d.heartbeat())));
    }

    private static Optional<AnthropicSettings> anthropic(Section anthropic) {
        Optional<Secret> key = anthropic.secret("api-key");
        AnthropicSettings d = AnthropicSettings.of(key.orElse(new Secret("none")));
        URI baseUrl = anthropic.url("base-url", d.baseUrl());
        AnthropicSettings settings =
                anthropic.checked(
                        () ->
                                new AnthropicSettings(
                                        d.apiKey(),
                                        baseUrl,
                                        anthropic.text("version", d.version()),
                                        anthropic.flag("prompt-cache", d.promptCache()),
                                        anthropic.duration("headers-max", d.headersMax()),
                                        anthropic.duration("idle-max", d.idleMax()),
                                        anthropic.duration("total-max", d.totalMax())));
        return key.map(_ -> settings);
    }

    private static Optional<LocalSettings> local(Section local, Configuration all) {
        Path file = local.path("model-file").orElse(defaultModelFile(all));
        LocalSettings d = LocalSettings.defaults(file, Runtime.getRuntime().availableProcessors());
        LocalSettings settings =
                local.checked(
                        () ->
                                new LocalSettings(
                                        d.modelFile(),
                                        local.optional("threads", Kind.INTEGER).orElse(d.threads()),
                                        local.integer("context-tokens", d.contextTokens()),
                                        local.integer("answer-tokens-max", d.answerTokensMax()),
                                        local.integer("queue-max", d.queueMax()),
                                        local.duration("load-timeout", d.loadTimeout()),
                                        local.duration("answer-timeout", d.answerTimeout())));
        return local.flag("enabled", true) ? Optional.of(settings) : Optional.empty();
    }

    private static Path defaultModelFile(Configuration all) {
        Map<String, String> cache =
                all.variable("XDG_CACHE_HOME")
                        .map(folder -> Map.of("XDG_CACHE_HOME", folder))
                        .orElse(Map.of());
        return LocalSettings.defaultModelFile(cache, Path.of(System.getProperty("user.home")));
    }
}
