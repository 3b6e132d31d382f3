package dev.tandem.launch;

import dev.tandem.hub.HubSettings;
import dev.tandem.hub.OAuthTerms;
import dev.tandem.hub.ServerDeclaration;
import dev.tandem.hub.ServerDeclaration.Program;
import dev.tandem.hub.ServerDeclaration.Remote;
import dev.tandem.hub.ServerNames;
import dev.tandem.hub.Variables;
import dev.tandem.mcp.oauth.OAuthSettings;
import dev.tandem.mcp.oauth.TokenKey;
import dev.tandem.secret.Secret;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which MCP servers there are, and their limits.
///
/// @param servers by name
/// @param claudeFile Claude Code's own file of servers; empty where it is not read
/// @param variables what the operator's declarations may name
/// @param tokenKey seals what is stored of servers; empty for one in a file
/// @param signIns how people sign in to servers
record McpServerSettings(
        HubSettings hub,
        Map<String, ServerDeclaration> servers,
        Optional<Path> claudeFile,
        Variables.All variables,
        Optional<TokenKey> tokenKey,
        OAuthSettings signIns) {

    /// How a server is reached, in Claude Code's words.
    private enum Type {
        STDIO,
        HTTP,
        STREAMABLE_HTTP,
        SSE
    }

    /// @param home the user's folder
    /// @param data the server's own
    static McpServerSettings read(
            Section section, Map<String, String> environment, Path home, Path data) {
        boolean claude = section.flag("claude-servers", true);
        Path config = section.path("claude-config", home);
        Map<String, ServerDeclaration> servers = new LinkedHashMap<>();
        section.named("servers").forEach((name, one) -> servers.put(name, server(name, one)));
        return new McpServerSettings(
                hub(section, data),
                servers,
                claude ? Optional.of(config.resolve(".claude.json")) : Optional.empty(),
                new Variables.All(environment),
                section.checked(() -> section.secret("token-key").map(TokenKey::of)),
                signIns(section.section("oauth")));
    }

    private static OAuthSettings signIns(Section section) {
        OAuthSettings d = OAuthSettings.DEFAULTS;
        return section.checked(
                () ->
                        new OAuthSettings(
                                section.text("client-name", d.clientName()),
                                section.optional("redirect-base", Kind.URL),
                                section.optional("client-metadata-url", Kind.URL),
                                section.duration("request-max", d.requestMax()),
                                section.duration("sign-in-max", d.signInMax()),
                                section.duration("refresh-ahead", d.refreshAhead()),
                                section.bytes("document-bytes-max", d.documentBytesMax()),
                                section.integer("sign-ins-max", d.signInsMax())));
    }

    private static HubSettings hub(Section section, Path data) {
        HubSettings d = HubSettings.DEFAULTS;
        return section.checked(
                () ->
                        new HubSettings(
                                section.duration("idle-stop", d.idleStop()),
                                section.duration("start-max", d.startMax()),
                                section.integer("processes-max", d.processesMax()),
                                section.integer(
                                        "processes-per-tenant-max", d.processesPerTenantMax()),
                                section.duration("backoff-min", d.backoffMin()),
                                section.duration("backoff-max", d.backoffMax()),
                                section.duration("stop-max", d.stopMax()),
                                section.path("folder", data.resolve("mcp")),
                                section.texts("project-variables", d.projectVariables())));
    }

    private static ServerDeclaration server(String name, Section one) {
        Optional<String> command = one.text("command");
        Optional<String> url = one.hidden("url");
        Type type = one.word("type", url.isPresent() ? Type.HTTP : Type.STDIO);
        List<String> arguments = one.hiddenTexts("args");
        Map<String, String> variables = one.hiddenByName("env");
        Optional<String> folder = one.text("cwd");
        Map<String, String> headers = one.hiddenByName("headers");
        OAuthTerms oauth = oauth(one.section("oauth"));
        if (!ServerNames.LEGAL.matcher(name).matches()) {
            throw one.wrong("command", "has a name that is not 1 to 64 letters, digits, _ and -");
        }
        return switch (type) {
            case STDIO ->
                    new Program(
                            command.orElseThrow(() -> one.wrong("command", "is missing")),
                            arguments,
                            variables,
                            folder);
            case HTTP, STREAMABLE_HTTP, SSE ->
                    new Remote(
                            url.orElseThrow(() -> one.wrong("url", "is missing")),
                            type == Type.SSE,
                            headers,
                            oauth);
        };
    }

    private static OAuthTerms oauth(Section section) {
        Optional<String> id = section.text("client-id");
        Optional<Secret> secret = section.secret("client-secret");
        List<String> scopes = section.texts("scopes", List.of());
        OAuthTerms.Way grant = section.word("grant", OAuthTerms.Way.AUTHORIZATION_CODE);
        boolean secretNeeded = grant == OAuthTerms.Way.CLIENT_CREDENTIALS;
        if (id.isEmpty() && (secret.isPresent() || secretNeeded)) {
            throw section.wrong("client-id", "is missing");
        }
        if (secret.isEmpty() && secretNeeded) {
            throw section.wrong("client-secret", "is missing, which the grant needs");
        }
        return new OAuthTerms(id, secret.map(Secret::reveal), scopes, grant);
    }
}
