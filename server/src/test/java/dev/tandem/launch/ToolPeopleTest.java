package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.mcp.NpmServers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.BeforeEach;

/// What people are asked while a model uses tools: whether a call may be made, what a server wants
/// to know. On two devices, and over a restart.
@Timeout(120)
final class ToolPeopleTest {
    @TempDir Path folder;

    private ToolChats chats;

    @BeforeAll
    static void install() throws Exception {
        NpmServers.install();
    }

    @BeforeEach
    void open() {
        chats = new ToolChats(folder);
    }

    @AfterEach
    void close() {
        chats.close();
    }

    @Test
    void anApprovalIsDecidedOnceByWhicheverDeviceIsFirst() throws Exception {
        chats.start();
        String project = chats.project();
        Path workspace = chats.declareFiles(project);
        chats.trust(project);
        String session = chats.session(project);
        String script =
                ToolChats.call(
                                "files__write_file",
                                Map.of("path", workspace + "/b.txt", "content", "x"))
                        + "\nthen\nsay ok";
        String run = chats.background(session, script);
        String approval = chats.pending(session).path("id").asText();

        assertEquals(
                "waiting",
                ToolChats.json(chats.get(ToolChats.PAD, "/v1/runs/" + run)).path("state").asText());
        HttpResponse<String> pad =
                chats.post(
                        ToolChats.PAD,
                        ToolChats.resolve(approval),
                        "{\"decision\":\"deny\",\"note\":\"not there\"}");
        HttpResponse<String> phone =
                chats.post(
                        ToolChats.PHONE, ToolChats.resolve(approval), "{\"decision\":\"allow\"}");

        assertEquals(200, pad.statusCode(), pad.body());
        assertEquals("pad", ToolChats.json(pad).path("decided_by").asText());
        assertEquals(409, phone.statusCode(), phone.body());
        JsonNode ended = chats.await(run);
        assertEquals("completed", ended.path("state").asText());
        assertFalse(Files.exists(workspace.resolve("b.txt")));
        JsonNode execution =
                ToolChats.json(chats.get(ToolChats.PHONE, "/v1/sessions/" + session + "/tools"))
                        .path("executions")
                        .get(0);
        assertEquals("denied", execution.path("status").asText());
        assertTrue(execution.path("output").asText().contains("not there"), execution.toString());
    }

    @Test
    void aDecisionThatIsMadeAfterARestartCountsForTheSameCall() throws Exception {
        chats.start();
        String project = chats.project();
        Path workspace = chats.declareFiles(project);
        chats.trust(project);
        String session = chats.session(project);
        String script =
                ToolChats.call(
                                "files__write_file",
                                Map.of("path", workspace + "/c.txt", "content", "x"))
                        + "\nthen\nsay ok";
        String run = chats.background(session, script);
        String approval = chats.pending(session).path("id").asText();

        chats.close();
        chats.start();

        assertEquals(
                "interrupted",
                ToolChats.json(chats.get(ToolChats.PAD, "/v1/runs/" + run)).path("state").asText());
        assertEquals(approval, chats.pending(session).path("id").asText());
        assertEquals(
                200,
                chats.post(ToolChats.PAD, ToolChats.resolve(approval), "{\"decision\":\"allow\"}")
                        .statusCode());
        JsonNode again = chats.await(chats.background(session, script));
        assertEquals("completed", again.path("state").asText());
        assertEquals("x", Files.readString(workspace.resolve("c.txt")));
        assertEquals(
                1,
                ToolChats.json(chats.get(ToolChats.PAD, "/v1/approvals?session_id=" + session))
                        .path("data")
                        .size());
    }

    @Test
    void aServersQuestionsAreAnsweredByWhicheverDevice() throws Exception {
        chats.everything();
        String session = chats.session();
        String asksFields =
                ToolChats.call("every__trigger-elicitation-request", Map.of()) + "\nthen\nsay ok";
        String first = chats.background(session, asksFields);
        JsonNode form = chats.pending(session);

        assertEquals("form", form.path("kind").asText());
        assertTrue(form.path("schema").path("properties").has("name"), form.toString());
        HttpResponse<String> filled =
                chats.post(
                        ToolChats.PAD,
                        "/v1/runs/" + first + "/tool_calls/" + id(form) + ":resolve",
                        "{\"decision\":\"allow\",\"content\":{\"name\":\"Ada\"}}");
        assertEquals(200, filled.statusCode(), filled.body());
        assertEquals("completed", chats.await(first).path("state").asText());
        assertTrue(chats.lastOutput(session).contains("Ada"), chats.lastOutput(session));

        String asksModel =
                ToolChats.call(
                                "every__trigger-sampling-request",
                                Map.of("prompt", "hello", "maxTokens", 50))
                        + "\nthen\nsay ok";
        String second = chats.background(session, asksModel);
        JsonNode sampling = chats.pending(session);
        assertEquals("sampling", sampling.path("kind").asText());
        String resolve = ToolChats.resolve(sampling.path("id").asText());
        assertEquals(
                200, chats.post(ToolChats.PHONE, resolve, "{\"decision\":\"allow\"}").statusCode());
        assertEquals("completed", chats.await(second).path("state").asText());
        assertTrue(chats.lastOutput(session).contains("scripted/demo"), chats.lastOutput(session));
        assertTrue(chats.lastOutput(session).contains("hello"), chats.lastOutput(session));
    }

    private static String id(JsonNode approval) {
        return approval.path("tool_call_id").asText();
    }
}
