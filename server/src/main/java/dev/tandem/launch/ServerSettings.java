package dev.tandem.launch;

import dev.tandem.edge.cors.CorsSettings;
import dev.tandem.edge.listener.ListenerSettings;
import dev.tandem.edge.listener.ListenerSettings.KeepAlive;
import dev.tandem.edge.listener.ListenerSettings.Limits;
import dev.tandem.edge.listener.ListenerSettings.Timeouts;
import dev.tandem.edge.listener.TlsSettings;
import dev.tandem.edge.mcp.McpEdgeSettings;
import dev.tandem.edge.rest.RestSettings;
import dev.tandem.edge.socket.SocketSettings;
import dev.tandem.plugin.PluginSettings;
import dev.tandem.project.WorkspaceSettings;
import dev.tandem.provider.anthropic.AnthropicSettings;
import dev.tandem.provider.local.LocalSettings;
import dev.tandem.run.RunSettings;
import dev.tandem.secret.Secret;
import dev.tandem.storage.jdbc.StorageSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// All settings of a server, read once at its start.
///
/// @param shutdownLimit how long answers in progress may take to end when the server stops
/// @param anthropic empty without a key
/// @param local empty where it is switched off
/// @param scripted the wait before each word of the scripted provider; empty where it is off
record ServerSettings(
        LogSettings log,
        ListenerSettings listener,
        RestSettings rest,
        SocketSettings socket,
        CorsSettings cors,
        McpEdgeSettings mcpEndpoint,
        Exposure exposure,
        Duration shutdownLimit,
        AuthSettings auth,
        StorageSettings storage,
        WorkspaceSettings workspaces,
        RunSettings runs,
        McpServerSettings mcp,
        McpGovernance tools,
        PluginSettings plugins,
        Optional<AnthropicSettings> anthropic,
        Optional<LocalSettings> local,
        Optional<Duration> scripted) {

    /// Reads everything, and refuses what is no setting.
    ///
    /// @param environment the process's environment variables
    /// @param home the user's folder
    static ServerSettings read(Configuration all, Map<String, String> environment, Path home) {
        Section server = all.section("server");
        AuthSettings auth = AuthSettings.read(all.section("auth"));
        ListenerSettings listener = listener(server);
        StorageSettings storage = storage(all.section("storage"), environment, home);
        ServerSettings settings =
                new ServerSettings(
                        LogSettings.read(all.section("log")),
                        listener,
                        new RestSettings(listener.limits().bodyBytesMax()),
                        socket(server.section("websocket")),
                        cors(server.section("cors")),
                        mcpEndpoint(all.section("mcp").section("endpoint")),
                        new Exposure(
                                listener.host(),
                                !auth.keys().isEmpty(),
                                server.flag("insecure", false)),
                        server.duration("shutdown-limit", Duration.ofSeconds(30)),
                        auth,
                        storage,
                        workspaces(all.section("workspaces"), storage.folder()),
                        runs(all.section("runs")),
                        McpServerSettings.read(
                                all.section("mcp"), environment, home, storage.folder()),
                        McpGovernance.read(all.section("mcp")),
                        PluginReader.read(all.section("plugins"), storage.folder()),
                        anthropic(all.section("anthropic")),
                        local(all.section("local"), environment, home),
                        scripted(all.section("scripted")));
        all.refuseUnknown();
        return settings;
    }

    /// What addresses of this server begin with.
    String scheme() {
        return listener.tls().isPresent() ? "https" : "http";
    }

    private static ListenerSettings listener(Section server) {
        ListenerSettings d = ListenerSettings.defaults();
        Section grpc = server.section("grpc");
        return server.checked(
                () ->
                        new ListenerSettings(
                                server.text("host", "127.0.0.1"),
                                server.integer("port", 8000),
                                grpc.word("transport", d.transport()),
                                timeouts(server.section("timeouts"), d.timeouts()),
                                limits(server.section("limits"), d.limits()),
                                keepAlive(server.section("keep-alive"), d.keepAlive()),
                                tls(server.section("tls"))));
    }

    private static SocketSettings socket(Section section) {
        SocketSettings d = SocketSettings.DEFAULTS;
        return section.checked(
                () ->
                        new SocketSettings(
                                section.bytes("message-bytes-max", d.messageBytesMax()),
                                section.integer("subscriptions-max", d.subscriptionsMax()),
                                section.duration("ping", d.ping()),
                                section.duration("silence", d.silence()),
                                section.duration("idle", d.idle())));
    }

    private static McpEdgeSettings mcpEndpoint(Section section) {
        McpEdgeSettings d = McpEdgeSettings.DEFAULTS;
        return section.checked(
                () ->
                        new McpEdgeSettings(
                                section.flag("enabled", d.enabled()),
                                section.integer("sessions-max", d.sessionsMax()),
                                section.duration("session-idle", d.sessionIdle()),
                                section.integer("calls-max", d.callsMax()),
                                section.duration("resume-max", d.resumeMax()),
                                section.duration("input-max", d.inputMax()),
                                section.duration("read-max", d.readMax()),
                                section.duration("heartbeat", d.heartbeat()),
                                section.integer("page-max", d.pageMax()),
                                section.integer("stream-chars-max", d.streamCharsMax()),
                                section.duration("list-ttl", d.listTtl())));
    }

    private static CorsSettings cors(Section section) {
        CorsSettings d = CorsSettings.DEFAULTS;
        return section.checked(
                () ->
                        new CorsSettings(
                                section.texts("origins", d.origins()),
                                section.duration("max-age", d.maxAge())));
    }

    /// Both files or none.
    private static Optional<TlsSettings> tls(Section section) {
        Optional<Path> certificate = section.path("certificate");
        Optional<Path> key = section.path("private-key");
        Duration interval = section.duration("reload-interval", TlsSettings.RELOAD_INTERVAL);
        if (certificate.isPresent() != key.isPresent()) {
            throw certificate.isPresent()
                    ? section.wrong("private-key", "must be set, as server.tls.certificate is")
                    : section.wrong("certificate", "must be set, as server.tls.private-key is");
        }
        return section.checked(
                () -> certificate.map(file -> new TlsSettings(file, key.orElseThrow(), interval)));
    }

    private static Timeouts timeouts(Section section, Timeouts d) {
        return section.checked(
                () ->
                        new Timeouts(
                                section.duration("head", d.head()),
                                section.duration("body", d.body()),
                                section.duration("write", d.write()),
                                section.duration("idle", d.idle())));
    }

    private static Limits limits(Section section, Limits d) {
        return section.checked(
                () ->
                        new Limits(
                                section.integer("connections-max", d.connectionsMax()),
                                section.integer("streams-max", d.streamsMax()),
                                section.bytes("head-bytes-max", d.headBytesMax()),
                                section.bytes("message-bytes-max", d.messageBytesMax()),
                                section.bytes("body-bytes-max", d.bodyBytesMax()),
                                section.bytes("stream-window-bytes", d.streamWindowBytes()),
                                section.bytes("connection-window-bytes", d.connectionWindowBytes()),
                                section.bytes("send-buffer-bytes", d.sendBufferBytes()),
                                section.integer("resets-max", d.resetsMax()),
                                section.duration("reset-window", d.resetWindow()),
                                section.integer("idle-frames-max", d.idleFramesMax()),
                                section.integer("body-rate-min", d.bodyRateMin())));
    }

    private static KeepAlive keepAlive(Section section, KeepAlive d) {
        return section.checked(
                () ->
                        new KeepAlive(
                                section.duration("interval", d.interval()),
                                section.duration("timeout", d.timeout())));
    }

    private static StorageSettings storage(
            Section section, Map<String, String> environment, Path home) {
        StorageSettings d = StorageSettings.DEFAULTS;
        return section.checked(
                () ->
                        new StorageSettings(
                                section.path("data", DataFolders.data(environment, home)),
                                section.integer("readers", d.readers()),
                                section.integer("queue-max", d.queueMax()),
                                section.duration("wait-max", d.waitMax())));
    }

    private static WorkspaceSettings workspaces(Section section, Path data) {
        return section.checked(
                () -> new WorkspaceSettings(section.path("root", data.resolve("workspaces"))));
    }

    private static RunSettings runs(Section section) {
        RunSettings d = RunSettings.DEFAULTS;
        return section.checked(
                () ->
                        new RunSettings(
                                section.integer("live-max", d.liveMax()),
                                section.integer("log-chars-max", d.logCharsMax()),
                                section.duration("stop-limit", d.stopLimit()),
                                section.duration("heartbeat", d.heartbeat()),
                                section.duration("detached-max", d.detachedMax()),
                                section.duration("retention", d.retention()),
                                section.integer("queue-max", d.queueMax())));
    }

    private static Optional<AnthropicSettings> anthropic(Section section) {
        Optional<Secret> key = section.secret("api-key");
        AnthropicSettings d = AnthropicSettings.of(key.orElse(new Secret("none")));
        AnthropicSettings read =
                section.checked(
                        () ->
                                new AnthropicSettings(
                                        d.apiKey(),
                                        section.url("base-url", d.baseUrl()),
                                        section.text("version", d.version()),
                                        section.flag("prompt-cache", d.promptCache()),
                                        section.duration("headers-max", d.headersMax()),
                                        section.duration("idle-max", d.idleMax()),
                                        section.duration("total-max", d.totalMax())));
        return key.map(_ -> read);
    }

    private static Optional<LocalSettings> local(
            Section section, Map<String, String> environment, Path home) {
        boolean enabled = section.flag("enabled", true);
        LocalSettings d =
                LocalSettings.defaults(
                        LocalSettings.defaultModelFile(environment, home),
                        Runtime.getRuntime().availableProcessors());
        LocalSettings read =
                section.checked(
                        () ->
                                new LocalSettings(
                                        section.path("model-file", d.modelFile()),
                                        section.optional("threads", Kind.INTEGER)
                                                .orElse(d.threads()),
                                        section.integer("context-tokens", d.contextTokens()),
                                        section.integer("answer-tokens-max", d.answerTokensMax()),
                                        section.integer("queue-max", d.queueMax()),
                                        section.duration("load-timeout", d.loadTimeout()),
                                        section.duration("answer-timeout", d.answerTimeout())));
        return enabled ? Optional.of(read) : Optional.empty();
    }

    private static Optional<Duration> scripted(Section section) {
        boolean enabled = section.flag("enabled", false);
        Duration pace = section.duration("pace", Duration.ofMillis(20));
        return enabled ? Optional.of(pace) : Optional.empty();
    }
}
