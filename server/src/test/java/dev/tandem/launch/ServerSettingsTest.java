package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.approval.ApprovalSettings;
import dev.tandem.audit.AuditSettings;
import dev.tandem.edge.listener.ListenerSettings;
import dev.tandem.edge.listener.TlsSettings;
import dev.tandem.edge.mcp.McpEdgeSettings;
import dev.tandem.edge.socket.SocketSettings;
import dev.tandem.hub.HubSettings;
import dev.tandem.hub.OAuthTerms;
import dev.tandem.hub.ServerDeclaration;
import dev.tandem.hub.ServerDeclaration.Program;
import dev.tandem.hub.ServerDeclaration.Remote;
import dev.tandem.run.RunSettings;
import dev.tandem.storage.jdbc.StorageSettings;
import dev.tandem.toolbox.PolicyRule;
import dev.tandem.toolbox.ToolPolicy;
import dev.tandem.engine.LoopSettings;
import dev.tandem.tool.ToolSelection;
import dev.tandem.toolbox.ToolboxSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerSettingsTest {
    private static final Path REFERENCE = Path.of("../docs/configuration.md");
    private static final Pattern ROW =
            Pattern.compile("\\| `([a-z]+\\.[^`]*)` \\| (`([^`]*)`|–) \\| .+ \\|");

    @TempDir Path folder;

    @Test
    void withoutAnythingConfiguredEveryFeatureHasItsDefaults() {
        ServerSettings settings = read(configuration(Map.of()));

        assertEquals(ListenerSettings.defaults().at("127.0.0.1", 8000), settings.listener());
        assertEquals(settings.listener().limits().bodyBytesMax(), settings.rest().bodyBytesMax());
        assertEquals(SocketSettings.DEFAULTS, settings.socket());
        assertEquals(McpEdgeSettings.DEFAULTS, settings.mcpEndpoint());
        assertEquals(
                StorageSettings.DEFAULTS.in(Path.of("~/.local/share/tandem")), settings.storage());
        assertEquals(Path.of("~/.local/share/tandem/workspaces"), settings.workspaces().root());
        assertEquals(RunSettings.DEFAULTS, settings.runs());
        assertEquals(
                new McpGovernance(
                        ToolPolicy.HINTS,
                        ApprovalSettings.DEFAULTS,
                        AuditSettings.DEFAULTS,
                        ToolboxSettings.DEFAULTS,
                        LoopSettings.DEFAULTS,
                        new ToolSelection(
                                Optional.of(true),
                                List.of(),
                                List.of(),
                                List.of(),
                                Optional.empty())),
                settings.tools());
        assertEquals(Path.of("~/.local/share/tandem/plugins"), settings.plugins().folder());
        assertEquals(LogSettings.defaults(), settings.log());
        assertEquals(Duration.ofSeconds(30), settings.shutdownLimit());
        assertTrue(settings.anthropic().isEmpty());
        assertTrue(settings.local().isPresent());
        assertTrue(settings.scripted().isEmpty());
        assertTrue(settings.auth().keys().isEmpty());
    }

    @Test
    void aKeyForAnthropicMakesItAProvider() {
        ServerSettings settings =
                read(
                        configuration(
                                Map.of(
                                        "ANTHROPIC_API_KEY",
                                        "sk-hidden",
                                        "ANTHROPIC_BASE_URL",
                                        "http://localhost:9")));

        assertEquals("http://localhost:9", settings.anthropic().orElseThrow().baseUrl().toString());
        assertFalse(settings.toString().contains("sk-hidden"));
    }

    @Test
    void theOperatorsPolicyKeepsItsOrder() {
        assertEquals(
                List.of(
                        new PolicyRule("files", "write*", PolicyRule.Decision.DENY),
                        new PolicyRule("files", "*", PolicyRule.Decision.ALLOW)),
                read(configuration(
                                Map.of(),
                                "mcp.policy.0.server=files",
                                "mcp.policy.0.tool=write*",
                                "mcp.policy.0.decision=deny",
                                "mcp.policy.1.server=files",
                                "mcp.policy.1.decision=allow"))
                        .tools()
                        .policy()
                        .rules());
        assertEquals(
                "mcp.policy.0.decision is missing; it must be one of allow, ask, deny",
                assertThrows(
                                SettingsException.class,
                                () -> read(configuration(Map.of(), "mcp.policy.0.server=files")))
                        .getMessage());
    }

    @Test
    void everySettingOfToolsIsMapped() {
        McpGovernance mcp =
                read(configuration(
                                Map.of(),
                                "mcp.approvals.timeout=1m",
                                "mcp.approvals.open-max=2",
                                "mcp.approvals.retention=3d",
                                "mcp.audit.arguments=false",
                                "mcp.audit.argument-bytes-max=4KiB",
                                "mcp.calls.list-timeout=5s",
                                "mcp.calls.tools-max=6",
                                "mcp.calls.timeout=7s",
                                "mcp.calls.output-bytes-max=8KiB",
                                "mcp.calls.image-bytes-max=9KiB",
                                "mcp.calls.per-server-max=10",
                                "mcp.loop.steps-max=11",
                                "mcp.loop.parallel-max=12",
                                "mcp.loop.total-max=13m",
                                "mcp.offer.enabled=false",
                                "mcp.offer.servers=a,b",
                                "mcp.offer.tools=c",
                                "mcp.offer.priority=b"))
                        .tools();

        assertEquals(
                new ApprovalSettings(Duration.ofMinutes(1), 2, Duration.ofDays(3)),
                mcp.approvals());
        assertEquals(new AuditSettings(false, 4 << 10), mcp.audit());
        assertEquals(
                new ToolboxSettings(
                        Duration.ofSeconds(5), 6, Duration.ofSeconds(7), 8 << 10, 9 << 10, 10),
                mcp.calls());
        assertEquals(new LoopSettings(11, 12, Duration.ofMinutes(13)), mcp.loop());
        assertEquals(
                new ToolSelection(
                        Optional.of(false),
                        List.of("a", "b"),
                        List.of("c"),
                        List.of("b"),
                        Optional.empty()),
                mcp.offered());
    }

    @Test
    void theEmbeddedModelCanBeSwitchedOff() {
        assertTrue(read(configuration(Map.of(), "local.enabled=false")).local().isEmpty());
    }

    @Test
    void aValueThatAFeatureRefusesIsToldWithItsPlace() {
        assertEquals(
                "--set: server.limits.streams-max must be at least 1, was 0",
                assertThrows(
                                SettingsException.class,
                                () -> read(configuration(Map.of(), "server.limits.streams-max=0")))
                        .getMessage());
    }

    @Test
    void tlsNeedsBothOfItsFiles() {
        assertEquals(
                "server.tls.private-key must be set, as server.tls.certificate is",
                assertThrows(
                                SettingsException.class,
                                () -> read(configuration(Map.of(), "server.tls.certificate=a.pem")))
                        .getMessage());

        assertEquals(
                new TlsSettings(Path.of("a.pem"), Path.of("b.pem"), Duration.ofMinutes(1)),
                read(configuration(
                                Map.of(),
                                "server.tls.certificate=a.pem",
                                "server.tls.private-key=b.pem",
                                "server.tls.reload-interval=1m"))
                        .listener()
                        .tls()
                        .orElseThrow());
    }

    @Test
    void serversOfToolsHaveTheirNames() {
        Map<String, ServerDeclaration> servers =
                read(configuration(
                                Map.of("SHUT", "hush"),
                                "mcp.servers.files.command=npx",
                                "mcp.servers.files.args=-y, files",
                                "mcp.servers.files.env.LEVEL=info",
                                "mcp.servers.files.cwd=/srv",
                                "mcp.servers.web.url=https://mcp.example/mcp",
                                "mcp.servers.web.headers.Authorization=Bearer a",
                                "mcp.servers.old.url=https://mcp.example/sse",
                                "mcp.servers.old.type=sse",
                                "mcp.servers.shut.url=https://mcp.example/shut",
                                "mcp.servers.shut.oauth.client-id=tandem",
                                "mcp.servers.shut.oauth.client-secret=${SHUT}",
                                "mcp.servers.shut.oauth.scopes=read,write",
                                "mcp.servers.shut.oauth.grant=client-credentials"))
                        .mcp()
                        .servers();

        assertEquals(
                Map.of(
                        "files",
                        new Program(
                                "npx",
                                List.of("-y", "files"),
                                Map.of("LEVEL", "info"),
                                Optional.of("/srv")),
                        "web",
                        new Remote(
                                "https://mcp.example/mcp",
                                false,
                                Map.of("Authorization", "Bearer a")),
                        "old",
                        new Remote("https://mcp.example/sse", true, Map.of()),
                        "shut",
                        new Remote(
                                "https://mcp.example/shut",
                                false,
                                Map.of(),
                                new OAuthTerms(
                                        Optional.of("tandem"),
                                        Optional.of("hush"),
                                        List.of("read", "write"),
                                        OAuthTerms.Way.CLIENT_CREDENTIALS))),
                servers);
        assertEquals(
                "mcp.servers.x.command is missing",
                assertThrows(
                                SettingsException.class,
                                () -> read(configuration(Map.of(), "mcp.servers.x.args=a")))
                        .getMessage());
    }

    @Test
    void aClientOfTheOperatorsIsWhole() {
        assertEquals("client-id is missing", complaint("client-secret=x"));
        assertEquals("client-id is missing", complaint("grant=client-credentials"));
        assertEquals(
                "client-secret is missing, which the grant needs",
                complaint("client-id=x", "grant=client-credentials"));
        assertEquals(
                "grant must be one of authorization-code, client-credentials, was 'x'",
                complaint("grant=x"));
    }

    private String complaint(String... oauth) {
        String prefix = "mcp.servers.a.oauth.";
        List<String> settings = new ArrayList<>(List.of("mcp.servers.a.url=https://mcp.example"));
        Stream.of(oauth).map(prefix::concat).forEach(settings::add);
        Configuration wrong = configuration(Map.of(), settings.toArray(String[]::new));
        String message = assertThrows(SettingsException.class, () -> read(wrong)).getMessage();
        return String.valueOf(message).replaceFirst("^.*" + prefix.replace(".", "\\."), "");
    }

    @Test
    void claudeCodesFileIsReadUnlessThatIsSwitchedOff() {
        McpServerSettings mcp = read(configuration(Map.of())).mcp();

        assertEquals(HubSettings.DEFAULTS.in(Path.of("~/.local/share/tandem/mcp")), mcp.hub());
        assertEquals(Optional.of(Path.of("~/.claude.json")), mcp.claudeFile());
        assertEquals(
                Optional.of(Path.of("/etc/claude/.claude.json")),
                read(configuration(Map.of("CLAUDE_CONFIG_DIR", "/etc/claude"))).mcp().claudeFile());
        assertEquals(
                Optional.empty(),
                read(configuration(Map.of(), "mcp.claude-servers=false")).mcp().claudeFile());
    }

    @Test
    void originsOfWebPagesAreExact() {
        assertEquals(
                List.of("https://app.example", "http://localhost:5173"),
                read(configuration(
                                Map.of(),
                                "server.cors.origins=https://App.example, http://localhost:5173"))
                        .cors()
                        .origins());
        assertEquals(
                "--set: server.cors.origins must be origins such as https://app.example or"
                        + " http://localhost:5173, with no path, was *",
                assertThrows(
                                SettingsException.class,
                                () -> read(configuration(Map.of(), "server.cors.origins=*")))
                        .getMessage());
    }

    @Test
    void everyKeyOfTheMcpEndpointIsRead() {
        ServerSettings settings =
                read(
                        configuration(
                                Map.of(),
                                "mcp.endpoint.enabled=false",
                                "mcp.endpoint.sessions-max=1",
                                "mcp.endpoint.session-idle=2s",
                                "mcp.endpoint.calls-max=3",
                                "mcp.endpoint.resume-max=4s",
                                "mcp.endpoint.input-max=5s",
                                "mcp.endpoint.read-max=6s",
                                "mcp.endpoint.heartbeat=7s",
                                "mcp.endpoint.page-max=8",
                                "mcp.endpoint.stream-chars-max=9",
                                "mcp.endpoint.list-ttl=10s"));

        assertEquals(
                new McpEdgeSettings(
                        false,
                        1,
                        Duration.ofSeconds(2),
                        3,
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7),
                        8,
                        9,
                        Duration.ofSeconds(10)),
                settings.mcpEndpoint());
    }

    @Test
    void theReferenceHasEverySettingWithItsDefaultAndNoOther() throws IOException {
        Configuration configuration =
                configuration(
                        Map.of(),
                        "auth.keys.0.name=phone",
                        "auth.keys.0.key=0123456789abcdef",
                        "mcp.policy.0.decision=ask",
                        "mcp.servers.files.command=npx",
                        "mcp.servers.files.env.A=1",
                        "mcp.servers.files.headers.B=2",
                        "plugins.webhooks.0.name=weather",
                        "plugins.webhooks.0.description=Tells the weather.",
                        "plugins.webhooks.0.url=http://localhost:9",
                        "plugins.webhooks.0.headers.0.name=x-team",
                        "plugins.webhooks.0.headers.0.value=blue");
        read(configuration);
        Map<String, String> asked = new TreeMap<>();
        configuration.asked().forEach(one -> asked.put(one.key(), one.ifAbsent()));

        Map<String, String> described = new TreeMap<>();
        for (String line : Files.readAllLines(REFERENCE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                String ifAbsent = row.group(3);
                described.put(row.group(1), ifAbsent == null ? "" : ifAbsent);
            }
        }

        assertEquals(lines(asked), lines(described));
    }

    /// As for a user whose home is called `~`, which is how the reference writes it.
    private static ServerSettings read(Configuration configuration) {
        return ServerSettings.read(configuration, Map.of(), Path.of("~"));
    }

    private static String lines(Map<String, String> settings) {
        StringBuilder lines = new StringBuilder();
        settings.forEach(
                (key, ifAbsent) -> lines.append(key).append(" = ").append(ifAbsent).append('\n'));
        return lines.toString();
    }

    private Configuration configuration(Map<String, String> environment, String... settings) {
        List<String> words = Stream.of(settings).flatMap(s -> Stream.of("--set", s)).toList();
        return Configuration.read(Arguments.parse(words), environment, folder);
    }
}
