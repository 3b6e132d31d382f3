package dev.tandem.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.approval.Approval.Request;
import dev.tandem.audit.AuditCall;
import dev.tandem.audit.AuditOutcome;
import dev.tandem.audit.Ruling;
import dev.tandem.audit.Status;
import dev.tandem.launch.RunningServer;
import dev.tandem.storage.ToolSamples;
import dev.tandem.storage.jdbc.Database;
import dev.tandem.storage.jdbc.JdbcApprovalStore;
import dev.tandem.storage.jdbc.JdbcAuditStore;
import dev.tandem.storage.jdbc.StorageSettings;
import dev.tandem.tool.ToolScope;
import dev.tandem.v1.DeleteToolRuleRequest;
import dev.tandem.v1.GetApprovalRequest;
import dev.tandem.v1.ListApprovalsRequest;
import dev.tandem.v1.ListAuditEntriesRequest;
import dev.tandem.v1.ListToolRulesRequest;
import dev.tandem.v1.ResolveApprovalRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Approvals, rules and the audit log over gRPC and over REST: each wire has a tenant of its own
/// with the same past, and both see and do the same.
final class ApprovalsAcrossWiresTest {
    private static final List<String> TENANTS = List.of("grpc", "rest", "other");

    @TempDir private static Path data;
    private static RunningServer server;

    /// A case, run by a caller of a tenant.
    private interface Case {
        void run(Wire wire, String tenant);
    }

    @BeforeAll
    static void start() {
        try (Database database = Database.open(StorageSettings.DEFAULTS.in(data))) {
            JdbcApprovalStore approvals = new JdbcApprovalStore(database);
            JdbcAuditStore audit = new JdbcAuditStore(database);
            for (String tenant : TENANTS) {
                asked(approvals, tenant);
                called(audit, tenant);
            }
        }
        Map<String, String> settings = new TreeMap<>();
        for (int i = 0; i < TENANTS.size(); i++) {
            settings.put("auth.keys." + i + ".name", "laptop of " + TENANTS.get(i));
            settings.put("auth.keys." + i + ".tenant", TENANTS.get(i));
            settings.put("auth.keys." + i + ".key", key(TENANTS.get(i)));
        }
        server = RunningServer.start(data, settings);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String key(String tenant) {
        return "a-key-of-the-tenant-" + tenant;
    }

    private static void asked(JdbcApprovalStore approvals, String tenant) {
        for (String name : List.of("a", "b", "c", "d", "e")) {
            approvals.open(
                    ToolSamples.approval(
                            id(name, tenant), scope(tenant), ToolSamples.CALL, Instant.now()),
                    ToolSamples.MARK,
                    99);
        }
    }

    private static void called(JdbcAuditStore audit, String tenant) {
        AuditCall call = ToolSamples.auditCall(scope(tenant), "call_1");
        long done = audit.decided(call, new Ruling(true, "hints"), Instant.now());
        audit.ended(
                done,
                call,
                new AuditOutcome(Status.SUCCEEDED, Duration.ofMillis(7), Optional.empty()),
                Instant.now());
        long denied = audit.decided(call, new Ruling(false, "policy"), Instant.now());
        audit.ended(
                denied,
                call,
                new AuditOutcome(Status.DENIED, Duration.ZERO, Optional.of("Not allowed.")),
                Instant.now());
        long _ = audit.decided(call, new Ruling(true, "hints"), Instant.now());
    }

    private static ToolScope scope(String tenant) {
        return ToolSamples.scope(tenant, Optional.of("sess_1"), Optional.of("run_1"));
    }

    private static String id(String name, String tenant) {
        return "appr_" + name + "_" + tenant;
    }

    @TestFactory
    Stream<DynamicTest> sameOnBothWires() {
        Map<String, Case> table = new LinkedHashMap<>();
        table.put("what waits is listed, newest first, in pages", this::listed);
        table.put("an approval says what is asked", this::shown);
        table.put("it is decided once, and the same again is fine", this::decided);
        table.put("what is remembered is a rule until it is forgotten", this::remembered);
        table.put("what cannot be is refused and named", this::refused);
        table.put("what is another's is not there", this::anothers);
        table.put("the audit log has one entry a call", this::audited);
        table.put("the audit log is filtered and paged", this::filtered);
        return table.entrySet().stream()
                .map(each -> dynamicTest(each.getKey(), () -> both(each.getValue())));
    }

    private static void both(Case each) {
        each.run(new GrpcWire(server.grpc(), Map.of()).as(key("grpc")), "grpc");
        each.run(new RestWire(server, Map.of()).as(key("rest")), "rest");
    }

    private void listed(Wire wire, String tenant) {
        ListApprovalsRequest.Builder page =
                ListApprovalsRequest.newBuilder()
                        .setState("pending")
                        .setSessionId("sess_1")
                        .setRunId("run_1")
                        .setPageSize(2);
        List<String> seen = new ArrayList<>();
        JsonNode answer;
        do {
            answer = wire.call(page.build()).ok();
            answer.path("data").forEach(one -> seen.add(one.path("id").asText()));
            page.setPageToken(answer.path("next_page_token").asText());
        } while (answer.path("has_more").asBoolean());

        assertEquals(
                Stream.of("e", "d", "c", "b", "a").map(name -> id(name, tenant)).toList(), seen);
        assertEquals(
                0,
                wire.call(ListApprovalsRequest.newBuilder().setRunId("run_9").build())
                        .ok()
                        .path("data")
                        .size());
    }

    private void shown(Wire wire, String tenant) {
        JsonNode shown = wire.call(get(id("a", tenant))).ok();

        assertEquals("pending", shown.path("state").asText());
        assertEquals("call", shown.path("kind").asText());
        assertEquals(((Request.Call) ToolSamples.CALL).reason(), shown.path("message").asText());
        assertEquals("sess_1", shown.path("session_id").asText());
        assertEquals("call_1", shown.path("tool_call_id").asText());
        assertEquals("a", shown.path("arguments").path("path").asText());
        assertEquals(
                Duration.ofMinutes(10),
                Duration.between(time(shown, "created_at"), time(shown, "expires_at")));
        assertFalse(shown.has("decided_by"), shown::toString);
    }

    private void decided(Wire wire, String tenant) {
        ResolveApprovalRequest allow = resolve(id("a", tenant), "allow").setNote("Go on.").build();
        JsonNode first = wire.call(allow).ok();

        assertEquals("allowed", first.path("state").asText());
        assertEquals("laptop of " + tenant, first.path("decided_by").asText());
        assertEquals("once", first.path("remember").asText());
        assertEquals("Go on.", first.path("note").asText());
        assertEquals(first, wire.call(allow).ok());
        Wire.Answer late = wire.call(resolve(id("a", tenant), "deny").build());
        assertEquals("conflict at decision", late.failure());
        assertTrue(late.message().contains("was allowed by the key laptop of"), late.message());
        assertEquals(first, wire.call(get(id("a", tenant))).ok());
    }

    private void remembered(Wire wire, String tenant) {
        wire.call(resolve(id("b", tenant), "deny").setRemember("session").build()).ok();
        wire.call(resolve(id("c", tenant), "allow").setRemember("project").build()).ok();
        ListToolRulesRequest all = ListToolRulesRequest.getDefaultInstance();
        JsonNode rules = wire.call(all).ok().path("data");

        assertEquals(2, rules.size());
        JsonNode project = rules.path(0);
        assertEquals("proj_1", project.path("project_id").asText());
        assertTrue(project.path("allow").asBoolean());
        assertFalse(project.has("session_id"));
        assertEquals("files", project.path("server").asText());
        assertEquals("write", project.path("tool").asText());
        assertEquals(id("c", tenant), project.path("approval_id").asText());
        assertEquals(
                1,
                wire.call(ListToolRulesRequest.newBuilder().setSessionId("sess_1").build())
                        .ok()
                        .path("data")
                        .size());
        DeleteToolRuleRequest delete =
                DeleteToolRuleRequest.newBuilder().setRuleId(project.path("id").asText()).build();
        assertTrue(wire.call(delete).ok().isEmpty());
        assertEquals("not_found at rule_id", wire.call(delete).failure());
        assertEquals(1, wire.call(all).ok().path("data").size());
    }

    private void refused(Wire wire, String tenant) {
        String open = id("d", tenant);
        String content = tenant.equals("grpc") ? "content_json" : "content";

        assertEquals(
                "invalid_request at decision", wire.call(resolve(open, "maybe").build()).failure());
        assertEquals("invalid_request at decision", wire.call(resolve(open, "").build()).failure());
        assertEquals(
                "invalid_request at remember",
                wire.call(resolve(open, "allow").setRemember("ever").build()).failure());
        assertEquals(
                "invalid_request at note",
                wire.call(resolve(open, "allow").setNote("x".repeat(2_001)).build()).failure());
        Wire.Answer filled = wire.call(resolve(open, "allow").setContentJson("{\"a\":1}").build());
        assertEquals("invalid_request at " + content, filled.failure());
        assertTrue(filled.message().startsWith(content + " must be left out"), filled.message());
        assertEquals(
                "invalid_request at state",
                wire.call(ListApprovalsRequest.newBuilder().setState("open").build()).failure());
        assertEquals(
                "invalid_request at page_size",
                wire.call(ListToolRulesRequest.newBuilder().setPageSize(0).build()).failure());
        assertEquals(
                "invalid_request at page_token",
                wire.call(ListApprovalsRequest.newBuilder().setPageToken("x").build()).failure());
        assertEquals("pending", wire.call(get(open)).ok().path("state").asText());
    }

    private void anothers(Wire wire, String tenant) {
        String theirs = id("a", "other");

        assertEquals("not_found at approval_id", wire.call(get(theirs)).failure());
        assertEquals(
                "not_found at approval_id", wire.call(resolve(theirs, "deny").build()).failure());
        assertEquals("not_found at approval_id", wire.call(get("appr_none")).failure());
        JsonNode still = wire.as(key("other")).call(get(theirs)).ok();
        assertEquals("pending", still.path("state").asText());
        assertEquals(
                "unauthorized", wire.as("no-key-at-all-" + tenant).call(get(theirs)).failure());
    }

    private void audited(Wire wire, String tenant) {
        JsonNode entries =
                wire.call(ListAuditEntriesRequest.getDefaultInstance()).ok().path("data");

        assertEquals(3, entries.size());
        assertEquals("lost", entries.path(0).path("outcome").asText());
        assertFalse(entries.path(0).has("ended_at"));
        JsonNode denied = entries.path(1);
        assertEquals("denied", denied.path("outcome").asText());
        assertFalse(denied.path("allowed").asBoolean(true));
        assertEquals("policy", denied.path("decided_by").asText());
        assertEquals("Not allowed.", denied.path("error").asText());
        JsonNode done = entries.path(2);
        assertEquals("succeeded", done.path("outcome").asText());
        assertEquals(7, done.path("duration_ms").asInt());
        assertEquals("phone", done.path("key_name").asText());
        assertEquals("a", done.path("arguments").path("path").asText());
        assertEquals(64, done.path("arguments_hash").asText().length());
        assertFalse(done.has("error"));
    }

    private void filtered(Wire wire, String tenant) {
        ListAuditEntriesRequest.Builder all = ListAuditEntriesRequest.newBuilder();
        JsonNode first = wire.call(all.clone().setPageSize(2).build()).ok();
        String next = first.path("next_page_token").asText();

        assertEquals(2, first.path("data").size());
        assertEquals(
                1,
                wire.call(all.clone().setPageSize(2).setPageToken(next).build())
                        .ok()
                        .path("data")
                        .size());
        assertEquals(1, size(wire, all.clone().setOutcome("denied")));
        assertEquals(1, size(wire, all.clone().setOutcome("lost")));
        assertEquals(0, size(wire, all.clone().setOutcome("running")));
        assertEquals(3, size(wire, all.clone().setServer("files").setTool("write")));
        assertEquals(0, size(wire, all.clone().setTool("read")));
        assertEquals(3, size(wire, all.clone().setSessionId("sess_1").setRunId("run_1")));
        assertEquals(0, size(wire, all.clone().setProjectId("proj_2")));
        assertEquals(
                "invalid_request at outcome",
                wire.call(all.clone().setOutcome("fine").build()).failure());
        assertEquals(
                "invalid_request at page_token",
                wire.call(all.clone().setOutcome("lost").setPageToken(next).build()).failure());
        assertEquals(
                "invalid_request at page_size",
                wire.call(all.clone().setPageSize(-1).build()).failure());
    }

    private static int size(Wire wire, ListAuditEntriesRequest.Builder request) {
        return wire.call(request.build()).ok().path("data").size();
    }

    private static Instant time(JsonNode json, String field) {
        return Instant.parse(json.path(field).asText());
    }

    private static GetApprovalRequest get(String id) {
        return GetApprovalRequest.newBuilder().setApprovalId(id).build();
    }

    private static ResolveApprovalRequest.Builder resolve(String id, String decision) {
        return ResolveApprovalRequest.newBuilder().setApprovalId(id).setDecision(decision);
    }
}
