package dev.tandem.toolbox;

import dev.tandem.approval.ApprovalFeed;
import dev.tandem.approval.ApprovalSettings;
import dev.tandem.approval.Approvals;
import dev.tandem.audit.AuditLog;
import dev.tandem.audit.AuditSettings;
import dev.tandem.audit.AuditStore;
import dev.tandem.id.Ids;
import dev.tandem.mcp.McpConnection;
import dev.tandem.mcp.McpHost;
import dev.tandem.mcp.McpSettings;
import dev.tandem.storage.jdbc.Database;
import dev.tandem.storage.jdbc.JdbcApprovalStore;
import dev.tandem.storage.jdbc.JdbcAuditStore;
import dev.tandem.storage.jdbc.JdbcToolRuleStore;
import dev.tandem.storage.jdbc.StorageSettings;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolHints;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolServer;
import dev.tandem.tool.ToolSource;
import dev.tandem.tool.ToolWatcher;
import dev.tandem.toolbox.PolicyRule.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A call of a tool whose server answers at once: what is measured is what stands around it. The
/// caller is a platform thread, as JMH's are; the server's are virtual and wake faster.
@State(Scope.Benchmark)
public class CallBench {
    private static final String ARGUMENTS = "{\"message\":\"hi\"}";
    private static final ToolScope SCOPE =
            new ToolScope(
                    "ada", "key", false, Optional.empty(), Optional.empty(), Optional.empty());
    private static final ToolDefinition ECHO =
            new ToolDefinition(
                    "echo",
                    Optional.empty(),
                    Optional.of("Echoes."),
                    "{\"type\":\"object\"}",
                    Optional.empty(),
                    ToolHints.NONE,
                    "{\"name\":\"echo\"}");
    private static final ToolServer SERVER =
            new ToolServer(
                    "bench",
                    "bench",
                    ToolServer.Origin.USER,
                    Optional.empty(),
                    ToolServer.Transport.STDIO,
                    Optional.empty(),
                    Optional.empty(),
                    ToolServer.State.READY,
                    Optional.empty());
    private static final ToolRequest REQUEST =
            new ToolRequest(
                    SCOPE,
                    new OfferedTool("bench__echo", "bench", "bench", ECHO),
                    "call_1",
                    ARGUMENTS,
                    true);

    private Path folder;
    private Database database;
    private McpConnection connection;
    private Toolbox unwritten;
    private Toolbox audited;

    @Setup
    public void open() throws IOException, InterruptedException {
        folder = Files.createTempDirectory("call-bench");
        database = Database.open(StorageSettings.DEFAULTS.in(folder));
        connection =
                McpConnection.open(
                        new AnsweringTransport(),
                        McpHost.NONE,
                        "1",
                        McpSettings.DEFAULTS.withProtocol("2025-06-18"));
        unwritten = toolbox(new ForgetfulAudit());
        audited = toolbox(new JdbcAuditStore(database));
    }

    private Toolbox toolbox(AuditStore audit) {
        InstantSource clock = InstantSource.system();
        Approvals approvals =
                new Approvals(
                        new JdbcApprovalStore(database),
                        ApprovalSettings.DEFAULTS,
                        new Ids(clock, new SecureRandom()),
                        clock,
                        ApprovalFeed.NONE);
        return new GovernedToolbox(
                List.of(new Connected(connection)),
                new ToolPolicy(List.of(new PolicyRule("*", "*", Decision.ALLOW))),
                new JdbcToolRuleStore(database),
                approvals,
                new AuditLog(audit, AuditSettings.DEFAULTS, clock),
                Optional.empty(),
                ToolboxSettings.DEFAULTS);
    }

    @TearDown
    public void close() throws IOException {
        connection.close();
        database.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Benchmark
    public ToolOutput connection() throws InterruptedException {
        return connection.call("echo", ARGUMENTS, ToolWatcher.NONE);
    }

    @Benchmark
    public CallOutcome toolboxThatWritesNothing() throws InterruptedException {
        return unwritten.call(REQUEST, CallWatcher.NONE);
    }

    @Benchmark
    public CallOutcome toolbox() throws InterruptedException {
        return audited.call(REQUEST, CallWatcher.NONE);
    }

    /// One server, which is always up.
    private record Connected(McpConnection connection) implements ToolSource {
        @Override
        public List<ToolServer> servers(ToolScope scope) {
            return List.of(SERVER);
        }

        @Override
        public List<ToolDefinition> tools(ToolScope scope, String serverId) {
            return List.of(ECHO);
        }

        @Override
        public ToolOutput call(
                ToolScope scope,
                String serverId,
                String tool,
                String argumentsJson,
                ToolWatcher watcher)
                throws InterruptedException {
            return connection.call(tool, argumentsJson, watcher);
        }
    }
}
