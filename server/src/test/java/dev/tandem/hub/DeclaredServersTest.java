package dev.tandem.hub;

import static dev.tandem.hub.HubBench.PROJECT;
import static dev.tandem.hub.HubBench.inProject;
import static dev.tandem.hub.HubBench.program;
import static dev.tandem.hub.HubBench.scope;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.hub.ServerDeclaration.Program;
import dev.tandem.hub.ServerDeclaration.Remote;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolServer.State;
import dev.tandem.tool.ToolServer.Transport;
import dev.tandem.tool.ToolWatcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where servers are declared, and who has to trust them.
final class DeclaredServersTest {
    private static final String FILES = "files@" + PROJECT;

    @TempDir private Path folder;
    private HubBench bench;
    private Path projectFile;

    @BeforeEach
    void set() throws Exception {
        bench = new HubBench(folder.toRealPath());
        projectFile = bench.workspace().resolve(".mcp.json");
    }

    @AfterEach
    void clear() {
        bench.close();
    }

    @Test
    void readsClaudeCodesFileAndReadsItAgainWhenItChanges() throws Exception {
        assertEquals(List.of(), bench.hub().servers(scope()));

        bench.write(
                bench.claudeFile,
                """
                {"numStartups": 7, "mcpServers": {
                  "files": {"command": "npx", "args": ["-y", "files"], "env": {"A": "1"}},
                  "web": {"type": "http", "url": "https://user:pass@mcp.example/mcp?key=1"},
                  "old": {"type": "sse", "url": "https://mcp.example/sse"},
                  "off": {"command": "x", "disabled": true}}}
                """);

        List<ToolServer> servers = bench.hub().servers(scope());
        assertEquals(List.of("files", "old", "web"), ids(servers));
        assertEquals(
                List.of(Transport.STDIO, Transport.SSE, Transport.HTTP),
                servers.stream().map(ToolServer::transport).toList());
        assertEquals(Optional.of("https://mcp.example/mcp"), servers.getLast().executable());
        bench.write(bench.claudeFile, "{\"mcpServers\": {\"only\": {\"command\": \"x\"}}}");
        assertEquals(List.of("only"), ids(bench.hub().servers(scope())));
    }

    @Test
    void aFileThatIsNoneIsAProblemAndNoCrash() throws Exception {
        bench.with("kept", program("x"));
        bench.write(bench.claudeFile, "{\"mcpServers\":\n {,");

        assertEquals(List.of("kept"), ids(bench.hub().servers(scope())));
        assertEquals(
                List.of(".claude.json is no JSON; look at line 2."), bench.hub().problems(scope()));
    }

    @Test
    void aDeclarationThatIsNoneIsListedWithWhatIsWrong() throws Exception {
        bench.write(
                bench.claudeFile,
                """
                {"mcpServers": {"a": {"type": "ws", "url": "x"}, "b": {}, "c": {"command": 1},
                                "d": {"command": "x", "env": {"A": ["x"]}}, "e": 5}}
                """);

        List<ToolServer> servers = bench.hub().servers(scope());

        assertEquals(
                List.of(
                        "type must be stdio, http, streamable-http or sse, was ws.",
                        "url must not be empty.",
                        "command must be a text.",
                        "env.A must be a text.",
                        "it must be an object with a command or a url."),
                servers.stream()
                        .map(one -> one.problem().orElse("").replaceFirst("^[^:]*: ", ""))
                        .toList());
        assertTrue(servers.stream().allMatch(one -> one.state() == State.FAILED));
        Failure refused = assertThrows(Failure.class, () -> bench.hub().tools(scope(), "a"));
        assertEquals(FailureCode.CONFLICT, refused.code());
    }

    @Test
    void namesThatToolsCannotHaveAreMapped() throws Exception {
        bench.write(
                bench.claudeFile,
                """
                {"mcpServers": {"my server": {"command": "a"}, "my_server": {"command": "b"},
                                "mein.Büro": {"command": "c"}, "": {"command": "d"}}}
                """);

        assertEquals(
                List.of("mein_B_ro", "my_server", "my_server_2", "server"),
                ids(bench.hub().servers(scope())));
    }

    @Test
    void aProjectsServersAreSeenInItAndHideOthersOfTheirName() throws Exception {
        bench.with("files", program("a")).with("other", program("b"));
        bench.write(projectFile, "{\"mcpServers\": {\"files\": {\"command\": \"c\"}}}");

        assertEquals(List.of("files", "other"), ids(bench.hub().servers(scope())));
        List<ToolServer> servers = bench.hub().servers(inProject());
        assertEquals(List.of(FILES, "other"), ids(servers));
        assertEquals("files", servers.getFirst().name());
        assertEquals(Optional.of(PROJECT), servers.getFirst().projectId());
        assertEquals(FILES, bench.hub().detail(scope(), FILES).server().id());
        assertNotFound(scope(), "files@proj_2", "project_id");
        assertNotFound(inProject(), "files", "server_id");
        assertNotFound(scope("ada", Optional.of("proj_2")), "files", "project_id");
    }

    @Test
    void theOperatorsServersForOneFolderComeFirstAndNeedNoTrust() throws Exception {
        bench.write(projectFile, "{\"mcpServers\": {\"files\": {\"command\": \"theirs\"}}}");
        bench.write(
                bench.claudeFile,
                "{\"projects\": {\"%s\": {\"mcpServers\": {\"files\": {\"command\": \"ours\"}}}}}"
                        .formatted(bench.workspace()));

        ServerDetail files = bench.hub().detail(inProject(), FILES);

        assertEquals(Optional.of("ours"), files.server().executable());
        assertTrue(files.trusted());
    }

    @Test
    void aProjectsServerStartsOnceAnAdminHasTrustedItAsItIs() throws Exception {
        bench.write(projectFile, "{\"mcpServers\": {\"files\": {\"command\": \"one\"}}}");
        ServerDetail before = bench.hub().detail(inProject(), FILES);
        assertEquals(State.UNTRUSTED, before.server().state());
        assertFalse(before.trusted());
        assertEquals(FailureCode.FORBIDDEN, refused(FILES).code());
        assertTrue(refused(FILES).text().contains("POST /v1/mcp/servers/" + FILES + ":trust"));

        bench.hub().trust(scope(), FILES);
        bench.hub().tools(inProject(), FILES);

        assertEquals(State.READY, bench.hub().detail(inProject(), FILES).server().state());
        assertEquals(bench.workspace(), bench.connector.openings.getLast().folder());
        ToolScope bob = scope("bob", Optional.of(PROJECT));
        assertEquals(State.UNTRUSTED, bench.hub().detail(bob, FILES).server().state());

        bench.write(projectFile, "{\"mcpServers\": {\"files\": {\"command\": \"evil\"}}}");
        assertEquals(State.UNTRUSTED, bench.hub().detail(inProject(), FILES).server().state());
        assertEquals(FailureCode.FORBIDDEN, refused(FILES).code());
        assertEquals(1, bench.connector.openings.size());
    }

    @Test
    void aDeclarationThatChangesGetsANewConnection() throws Exception {
        bench.write(bench.claudeFile, "{\"mcpServers\": {\"files\": {\"command\": \"one\"}}}");
        bench.call("files", "echo");
        bench.write(bench.claudeFile, "{\"mcpServers\": {\"files\": {\"command\": \"second\"}}}");

        bench.call("files", "echo");

        HubBench.soon(bench.connector.opened.getFirst().closed);
        assertEquals("second", bench.connector.openings.getLast().declaration().executable());
    }

    @Test
    void aLostServerIsNotBroughtBackOnceItsDeclarationHasChanged() throws Exception {
        bench.write(projectFile, "{\"mcpServers\": {\"files\": {\"command\": \"one\"}}}");
        bench.hub().trust(scope(), FILES);
        bench.hub().tools(inProject(), FILES);
        bench.write(projectFile, "{\"mcpServers\": {\"files\": {\"command\": \"evil\"}}}");

        bench.connector.last().die("it ended with 1");
        bench.pass(Duration.ofSeconds(1));

        assertEquals(1, bench.connector.openings.size());
    }

    @Test
    void disabledServersOfAProjectAreLeftOutAndEnabledOnesAreStillNotTrusted() throws Exception {
        bench.write(
                projectFile,
                "{\"mcpServers\": {\"a\": {\"command\": \"x\"}, \"b\": {\"command\": \"x\"}}}");
        bench.write(
                bench.workspace().resolve(".claude/settings.json"),
                "{\"enabledMcpjsonServers\": [\"a\"], \"disabledMcpjsonServers\": [\"b\"]}");

        List<ToolServer> servers = bench.hub().servers(inProject());

        assertEquals(List.of("a@" + PROJECT), ids(servers));
        assertEquals(State.UNTRUSTED, servers.getFirst().state());
    }

    @Test
    void aProjectsFileThatIsALinkOutOfItIsNotRead() throws Exception {
        Path secret = folder.resolve("secret.json");
        bench.write(secret, "{\"mcpServers\": {\"files\": {\"command\": \"x\"}}}");
        Files.createDirectories(bench.workspace());
        Files.createSymbolicLink(projectFile, secret);

        assertEquals(List.of(), bench.hub().servers(inProject()));
        assertEquals(
                List.of(".mcp.json leads out of its project's folder and is not read."),
                bench.hub().problems(inProject()));
    }

    @Test
    void aProjectsProgramWorksWithinItsFolder() throws Exception {
        bench.write(
                projectFile,
                "{\"mcpServers\": {\"files\": {\"command\": \"x\", \"cwd\": \"../..\"}}}");
        bench.hub().trust(scope(), FILES);

        Failure refused = refused(FILES);

        assertTrue(refused.text().contains("leads out of the project's folder"), refused::text);
    }

    @Test
    void fillsInVariablesAndSaysWhichIsMissing() throws Exception {
        bench.variable("TOKEN", "hush");
        bench.write(
                bench.claudeFile,
                """
                {"mcpServers": {
                   "a": {"command": "${DIR:-/opt}/a", "args": ["--token=${TOKEN}"]},
                   "b": {"command": "b", "env": {"X": "${NOWHERE}"}}}}
                """);

        bench.call("a", "echo");

        Program expanded = (Program) bench.connector.openings.getFirst().declaration();
        assertEquals("/opt/a", expanded.command());
        assertEquals(List.of("--token=hush"), expanded.arguments());
        ToolServer b = bench.hub().detail(scope(), "b").server();
        assertEquals(State.FAILED, b.state());
        assertTrue(b.problem().orElse("").startsWith("The variable NOWHERE is not set;"));
        assertTrue(refused("b").text().contains("NOWHERE"));
    }

    @Test
    void aFileNamesTheClientThatWasRegisteredByHand() throws Exception {
        bench.variable("SHUT", "hush");
        bench.write(
                bench.claudeFile,
                """
                {"mcpServers": {
                   "a": {"url": "https://mcp.example/a", "oauth": {"clientId": "tandem",
                         "clientSecret": "${SHUT}", "scopes": "read  write", "callbackPort": 1}},
                   "b": {"url": "https://mcp.example/b", "oauth": {"clientSecret": "x"}},
                   "c": {"url": "https://mcp.example/c", "oauth": {"scopes": ["read", 1]}},
                   "d": {"url": "https://mcp.example/d", "oauth": {"grant": "password"}},
                   "e": {"url": "https://mcp.example/e", "oauth": {"clientId": "tandem",
                         "grant": "client_credentials"}}}}
                """);

        bench.call("a", "echo");

        Remote expanded = (Remote) bench.connector.openings.getFirst().declaration();
        assertEquals(
                new OAuthTerms(
                        Optional.of("tandem"),
                        Optional.of("hush"),
                        List.of("read", "write"),
                        OAuthTerms.Way.AUTHORIZATION_CODE),
                expanded.oauth());
        assertEquals(
                List.of(
                        "oauth: clientSecret needs a clientId.",
                        "oauth: scopes must be a text, or a list.",
                        "oauth: grant must be authorization_code or client_credentials.",
                        "oauth: the grant client_credentials needs a clientId and a clientSecret."),
                bench.hub().servers(scope()).stream()
                        .skip(1)
                        .map(one -> one.problem().orElse("").replaceFirst("^[^:]*: ", ""))
                        .toList());
    }

    @Test
    void aProjectsFileCannotReadTheKeysOfThisServer() throws Exception {
        bench.variable("ANTHROPIC_API_KEY", "sk-ant").variable("HOME", "/home/ada");
        bench.write(
                projectFile,
                """
                {"mcpServers": {
                   "bad": {"command": "x", "args": ["${ANTHROPIC_API_KEY:-none}"]},
                   "good": {"command": "x", "args": ["${HOME}", "${CLAUDE_PROJECT_DIR}"]}}}
                """);
        bench.hub().trust(scope(), "bad@" + PROJECT);
        bench.hub().trust(scope(), "good@" + PROJECT);

        bench.hub().tools(inProject(), "good@" + PROJECT);

        Program good = (Program) bench.connector.openings.getFirst().declaration();
        assertEquals(List.of("/home/ada", bench.workspace().toString()), good.arguments());
        Failure refused = refused("bad@" + PROJECT);
        assertTrue(refused.text().contains("ANTHROPIC_API_KEY must not be used"), refused::text);
        assertTrue(refused.text().contains("mcp.project-variables"), refused::text);
        assertFalse(refused.text().contains("sk-ant"), refused::text);
    }

    @Test
    void addedServersAreTheirTenantsAlone() throws Exception {
        bench.with("taken", program("x"));
        bench.hub().add(added("ada", "mine"));

        assertEquals(List.of("mine", "taken"), ids(bench.hub().servers(scope())));
        ToolScope bob = scope("bob", Optional.empty());
        assertEquals(List.of("taken"), ids(bench.hub().servers(bob)));
        assertNotFound(bob, "mine", "server_id");
        assertTaken(added("ada", "mine"));
        assertTaken(added("ada", "taken"));
        bench.hub().add(added("bob", "mine"));
        bench.call("mine", "echo");

        assertEquals(
                FailureCode.NOT_FOUND,
                assertThrows(Failure.class, () -> bench.hub().remove(scope(), "none")).code());
        assertEquals(
                FailureCode.CONFLICT,
                assertThrows(Failure.class, () -> bench.hub().remove(scope(), "taken")).code());
        bench.hub().remove(scope(), "mine");

        assertNotFound(scope(), "mine", "server_id");
        assertTrue(bench.hub().detail(bob, "mine").added());
        HubBench.soon(bench.connector.opened.getFirst().closed);
        bench.hub().add(added("ada", "mine"));
        bench.call("mine", "echo");
        assertEquals(2, bench.connector.opened.size());
    }

    private static AddedServer added(String tenant, String name) {
        return new AddedServer(
                tenant,
                name,
                Optional.of(new Program("x", List.of(), Map.of(), Optional.empty())),
                "key",
                Instant.EPOCH);
    }

    private void assertTaken(AddedServer server) {
        Failure refused = assertThrows(Failure.class, () -> bench.hub().add(server));
        assertEquals(FailureCode.ALREADY_EXISTS, refused.code());
        assertEquals(Optional.of("name"), refused.param());
    }

    private void assertNotFound(ToolScope scope, String server, String param) {
        Failure refused =
                assertThrows(
                        Failure.class,
                        () -> bench.hub().call(scope, server, "echo", "{}", ToolWatcher.NONE));
        assertEquals(FailureCode.NOT_FOUND, refused.code());
        assertEquals(Optional.of(param), refused.param());
    }

    private Failure refused(String server) {
        return assertThrows(Failure.class, () -> bench.hub().tools(inProject(), server));
    }

    private static List<String> ids(List<ToolServer> servers) {
        return servers.stream().map(ToolServer::id).toList();
    }
}
