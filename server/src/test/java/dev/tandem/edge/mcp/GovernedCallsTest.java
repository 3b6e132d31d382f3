package dev.tandem.edge.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.approval.Answer;
import dev.tandem.approval.Approval;
import dev.tandem.approval.ApprovalFeed;
import dev.tandem.approval.ApprovalSettings;
import dev.tandem.approval.Approvals;
import dev.tandem.audit.AuditLog;
import dev.tandem.audit.AuditQuery;
import dev.tandem.audit.AuditSettings;
import dev.tandem.edge.mcp.McpClient.Events;
import dev.tandem.id.Ids;
import dev.tandem.page.PageRequest;
import dev.tandem.storage.jdbc.Database;
import dev.tandem.storage.jdbc.JdbcApprovalStore;
import dev.tandem.storage.jdbc.JdbcAuditStore;
import dev.tandem.storage.jdbc.JdbcToolRuleStore;
import dev.tandem.storage.jdbc.StorageSettings;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolServer.Origin;
import dev.tandem.toolbox.GovernedToolbox;
import dev.tandem.toolbox.ToolPolicy;
import dev.tandem.toolbox.ToolboxSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// MCP clients in front of the real toolbox: policy, approvals and the audit log.
final class GovernedCallsTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir private Path folder;
    private final FakeSource source = new FakeSource().server("s", Origin.USER);

    @SuppressWarnings("NullAway.Init") // before each test
    private Database database;

    @SuppressWarnings("NullAway.Init") // before each test
    private Approvals approvals;

    @SuppressWarnings("NullAway.Init") // before each test
    private AuditLog audit;

    @BeforeEach
    void open() {
        database = Database.open(StorageSettings.DEFAULTS.in(folder));
        approvals =
                new Approvals(
                        new JdbcApprovalStore(database),
                        ApprovalSettings.DEFAULTS,
                        new Ids(CLOCK, new SecureRandom()),
                        CLOCK,
                        ApprovalFeed.NONE);
        audit = new AuditLog(new JdbcAuditStore(database), AuditSettings.DEFAULTS, CLOCK);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private McpServer server() {
        GovernedToolbox toolbox =
                new GovernedToolbox(
                        List.of(source),
                        ToolPolicy.HINTS,
                        new JdbcToolRuleStore(database),
                        approvals,
                        audit,
                        Optional.empty(),
                        ToolboxSettings.DEFAULTS);
        return new McpServer(toolbox, source);
    }

    private static String call(String tool) {
        return McpClient.message("7", "tools/call", "{\"name\":\"%s\"}".formatted(tool));
    }

    /// The newest entry's status in the audit log.
    private String audited() {
        return audit.list("default", AuditQuery.ALL, new PageRequest(9, Optional.empty()))
                .items()
                .getFirst()
                .status()
                .word();
    }

    @Test
    void aCallThatNeedsApprovalWaitsForAnyDevice() throws Exception {
        source.tool("write", false, _ -> ToolOutput.text("written"));
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, "2025-11-25", "{}");
                Events events = client.open("POST", call("s__write"))) {
            JsonNode told = events.message().json();
            String id = told.at("/params/data/approval_id").asText();
            Approval _ =
                    approvals.resolve(
                            "default",
                            id,
                            new Answer(
                                    true,
                                    "phone",
                                    Approval.Remember.ONCE,
                                    Optional.empty(),
                                    Optional.empty()));

            assertTrue(events.message().data().contains("written"));
            assertEquals("succeeded", audited());
        }
    }

    @Test
    void aServersQuestionReachesTheClientByItsName() {
        source.tool(
                "ask",
                true,
                watcher ->
                        ToolOutput.text(
                                watcher.ask("who", new ToolQuestion.Form("Who?", "{}"))
                                        .contentJson()
                                        .orElse("none")));
        String meta =
                "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{}}}";
        String given =
                "\"inputResponses\":{\"who\":{\"action\":\"accept\",\"content\":{\"n\":\"Ada\"}}}";
        String params = "{\"name\":\"s__ask\",%s,%s}".formatted(meta, given);
        try (McpServer server = server();
                McpClient client = new McpClient(server)) {
            String body =
                    client.post(
                                    McpClient.message("7", "tools/call", params),
                                    "MCP-Protocol-Version",
                                    "2026-07-28",
                                    "Mcp-Method",
                                    "tools/call",
                                    "Mcp-Name",
                                    "s__ask")
                            .body();

            assertTrue(body.contains("Ada"), body);
        }
    }

    @Test
    void aCancelledCallIsAudited() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        source.tool(
                "wait",
                true,
                watcher -> {
                    watcher.log("info", Optional.of("s"), "\"begun\"");
                    try {
                        Thread.sleep(Duration.ofMinutes(1));
                        return ToolOutput.text("nobody stopped it");
                    } finally {
                        stopped.countDown();
                    }
                });
        try (McpServer server = server();
                McpClient client = McpClient.greeting(server, "2025-11-25", "{}");
                Events events = client.open("POST", call("s__wait"))) {
            assertEquals("begun", events.message().json().at("/params/data").asText());
            client.post(McpClient.notice("notifications/cancelled", "{\"requestId\":7}"));

            assertTrue(stopped.await(10, TimeUnit.SECONDS));
            assertTrue(events.next().isEmpty());
        }
        awaitAudited("cancelled");
    }

    /// The log is written after the caller is free.
    private void awaitAudited(String status) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!audited().equals(status) && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertEquals(status, audited());
    }
}
