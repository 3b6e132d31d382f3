package dev.tandem.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.mcp.NpmServers;
import dev.tandem.mcp.http.EverythingServer;
import dev.tandem.testing.RecordedUpstream;
import dev.tandem.testing.Recording;
import dev.tandem.testing.StreamGrammar;
import dev.tandem.v1.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.api.BeforeEach;

/// Models that use real MCP servers through the whole server: files of a project, servers that are
/// killed, and which tools are offered.
@Timeout(120)
final class ToolsAcrossTheServerTest {
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
    void aModelReadsAndWritesTheFilesOfAProjectOverBothWires() throws Exception {
        chats.start();
        String project = chats.project();
        Path workspace = chats.declareFiles(project);
        String id = "files@" + project;
        assertEquals(
                "untrusted",
                ToolChats.json(chats.get(ToolChats.PHONE, "/v1/mcp/servers/" + id))
                        .path("status")
                        .asText());
        assertEquals(
                403,
                chats.post(ToolChats.PHONE, "/v1/mcp/servers/" + id + ":trust", "{}").statusCode());
        chats.trust(project);
        String session = chats.session(project);

        StreamGrammar.Said written =
                StreamGrammar.check(
                        chats.streamAllowing(
                                session,
                                ToolChats.call(
                                                "files__write_file",
                                                Map.of(
                                                        "path",
                                                        workspace + "/a.txt",
                                                        "content",
                                                        "hello"))
                                        + "\nthen\nsay Written."));

        assertEquals("hello", Files.readString(workspace.resolve("a.txt")));
        assertEquals("Written.", written.text());
        assertEquals(
                List.of("tool_use", "approval", "approval_resolved", "tool_result", "usage"),
                written.extras().stream().map(frame -> frame.path("type").asText()).toList());
        assertFalse(written.extras().get(3).path("is_error").asBoolean());

        List<RunEvent> events =
                chats.overGrpc(
                        session,
                        ToolChats.call(
                                        "files__read_text_file",
                                        Map.of("path", workspace + "/a.txt"))
                                + "\nthen\nsay Read.");

        RunEvent result = events.stream().filter(RunEvent::hasToolResult).findFirst().orElseThrow();
        assertEquals("hello", result.getToolResult().getContent());
        assertTrue(result.getToolResult().hasDurationMs());
        assertTrue(events.stream().anyMatch(RunEvent::hasServerCall));
        assertTrue(events.stream().anyMatch(RunEvent::hasTurn));
        JsonNode done =
                ToolChats.json(chats.get(ToolChats.PHONE, "/v1/sessions/" + session + "/tools"));
        assertEquals(2, done.path("executions").size());
        assertEquals("hello", done.path("executions").get(0).path("output").asText());
        assertEquals("succeeded", done.path("executions").get(1).path("status").asText());
        JsonNode audit =
                ToolChats.json(chats.get(ToolChats.PHONE, "/v1/mcp/audit?session_id=" + session));
        assertEquals(2, audit.path("data").size());
    }

    @Test
    void aRecordedAnswerOfAnthropicsWritesAFile() throws Exception {
        Recording recording = Recording.find("anthropic", "12").orElse(null);
        assumeTrue(recording != null, "no recordings: set -D" + Recording.PROPERTY);
        try (RecordedUpstream upstream = new RecordedUpstream(List.of())) {
            chats.start(
                    "anthropic.api-key",
                    "sk-ant-test-key",
                    "anthropic.base-url",
                    upstream.uri().toString(),
                    "mcp.policy.0.server",
                    "files",
                    "mcp.policy.0.decision",
                    "allow");
            String project = chats.project();
            Path workspace = chats.declareFiles(project);
            chats.trust(project);
            String session = chats.session(project, "claude-sonnet-4-6");
            String arguments =
                    ToolChats.JSON.writeValueAsString(
                            Map.of("path", workspace + "/tokyo.txt", "content", "sunny"));
            upstream.answer(
                    RecordedUpstream.Answer.stream(
                            withCall(recording.exchanges().get(0).body(), arguments)));
            upstream.answer(RecordedUpstream.Answer.of(recording.exchanges().get(1)));

            StreamGrammar.Said said =
                    StreamGrammar.check(
                            chats.post(
                                            ToolChats.PHONE,
                                            "/v1/chat/completions",
                                            "{\"model\":\"claude-sonnet-4-6\",\"stream\":true,\"session_id\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Weather in Tokyo?\"}]}"
                                                    .formatted(session))
                                    .body());

            assertEquals("sunny", Files.readString(workspace.resolve("tokyo.txt")));
            assertTrue(said.text().startsWith("Sure! Let me check"), said.text());
            assertTrue(said.text().contains("\n\n"), said.text());
            assertEquals("stop", said.finishReason());
            JsonNode second = ToolChats.JSON.readTree(upstream.served().get(1).body());
            JsonNode messages = second.path("messages");
            assertEquals("thinking", messages.get(1).path("content").get(0).path("type").asText());
            assertFalse(
                    messages.get(1).path("content").get(0).path("signature").asText().isEmpty());
            assertEquals(
                    "tool_result", messages.get(2).path("content").get(0).path("type").asText());
            assertEquals(671 + 825, said.extras().getLast().path("input_tokens").asInt());
        }
    }

    /// The recorded stream, but for the name of the tool and its arguments.
    private static String withCall(String stream, String arguments) throws IOException {
        String piece = ToolChats.JSON.writeValueAsString(arguments);
        return stream.replace("\"get_weather\"", "\"files__write_file\"")
                .replace("\"{\\\"city\\\": \\\"T\"", piece)
                .replace("\"okyo, \"", "\"\"")
                .replace("\"Japan\\\"}\"", "\"\"");
    }

    @Test
    void aServerThatIsKilledInTheMiddleOfACallIsToldAndComesBack() throws Exception {
        chats.everything();
        String session = chats.session();
        try (ToolChats.Frames frames =
                chats.frames(
                        session,
                        ToolChats.call(
                                        "every__trigger-long-running-operation",
                                        Map.of("duration", 60, "steps", 60))
                                + "\nthen\n"
                                + ToolChats.call("every__echo", Map.of("message", "back"))
                                + "\nthen\nsay ok")) {
            frames.await("tool_progress");
            long killed = System.nanoTime();
            children().forEach(ProcessHandle::destroyForcibly);
            JsonNode failed = frames.await("tool_result");
            long millis = (System.nanoTime() - killed) / 1_000_000;

            assertTrue(failed.path("is_error").asBoolean());
            System.out.println("kill of a server to its failure in the stream: " + millis + " ms");
            JsonNode next = frames.await("tool_result");
            assertEquals("Echo: back", next.path("content").asText());
            frames.await("usage");
        }
    }

    @ParameterizedTest
    @EnumSource(EverythingServer.Wire.class)
    void aServerOverHttpIsKilledInTheMiddleOfACallAndComesBack(EverythingServer.Wire wire)
            throws Exception {
        try (EverythingServer first = EverythingServer.start(wire)) {
            chats.start(
                    "mcp.servers.far.url",
                    first.url().toString(),
                    "mcp.servers.far.type",
                    wire == EverythingServer.Wire.SSE ? "sse" : "http",
                    "mcp.backoff-min",
                    "10ms",
                    "mcp.policy.0.decision",
                    "allow");
            String session = chats.session();
            Map<String, Object> lasting = Map.of("duration", 60, "steps", 60);
            try (ToolChats.Frames frames =
                    chats.frames(
                            session,
                            ToolChats.call("far__trigger-long-running-operation", lasting)
                                    + "\nthen\nsay ok")) {
                frames.await("tool_progress");
                long killed = System.nanoTime();
                first.kill();
                assertTrue(frames.await("tool_result").path("is_error").asBoolean());
                long millis = (System.nanoTime() - killed) / 1_000_000;
                System.out.println("kill of a server over " + wire + ": " + millis + " ms");
                frames.await("usage");
            }
            try (EverythingServer _ = first.again()) {
                String back =
                        ToolChats.call("far__echo", Map.of("message", "back")) + "\nthen\nsay ok";
                StreamGrammar.Said said = StreamGrammar.check(chats.stream(session, back));
                assertEquals(
                        "Echo: back",
                        said.extras().stream()
                                .filter(frame -> frame.path("type").asText().equals("tool_result"))
                                .map(frame -> frame.path("content").asText())
                                .findFirst()
                                .orElse(said.extras().toString()));
            }
        }
    }

    @Test
    void cancellingARunStopsItsCalls() throws Exception {
        chats.everything();
        String session = chats.session();
        try (ToolChats.Frames frames =
                chats.frames(
                        session,
                        ToolChats.call(
                                "every__trigger-long-running-operation",
                                Map.of("duration", 60, "steps", 60)))) {
            JsonNode progress = frames.await("tool_progress");
            String run = frames.run;
            long began = System.nanoTime();
            assertEquals(
                    200,
                    chats.post(ToolChats.PHONE, "/v1/runs/" + run + ":cancel", "{}").statusCode());
            long millis = (System.nanoTime() - began) / 1_000_000;

            System.out.println("cancel of a run in a call: " + millis + " ms");
            assertTrue(progress.path("total").asDouble() > 0);
            assertEquals(
                    "cancelled",
                    ToolChats.json(chats.get(ToolChats.PHONE, "/v1/runs/" + run))
                            .path("state")
                            .asText());
        }
        JsonNode execution =
                ToolChats.json(chats.get(ToolChats.PHONE, "/v1/sessions/" + session + "/tools"))
                        .path("executions")
                        .get(0);
        assertEquals("cancelled", execution.path("status").asText());
    }

    @Test
    void aServerThatVanishedIsAWarningAndNoFailure() throws Exception {
        chats.start("mcp.servers.gone.command", "/nowhere/at-all", "mcp.servers.gone.args", "x");
        String session = chats.session();

        StreamGrammar.Said said = StreamGrammar.check(chats.stream(session, "say hi"));

        assertEquals("hi", said.text());
        assertEquals("warning", said.extras().getFirst().path("type").asText());
        assertEquals("gone", said.extras().getFirst().path("source").asText());
    }

    @Test
    void aSessionsChoiceOfToolsIsKeptAndARequestsComesFirst() throws Exception {
        chats.start(
                "mcp.servers.every.command",
                "node",
                "mcp.servers.every.args",
                NpmServers.script("everything").toString());
        String session = chats.session();
        assertEquals(
                200,
                chats.post(
                                ToolChats.PHONE,
                                "/v1/sessions/" + session + "/tools",
                                "{\"enabled_tools\":[\"echo\"]}")
                        .statusCode());

        assertEquals(List.of("every__echo"), offered(session, ""));
        assertEquals(List.of(), offered(session, ",\"mcp\":{\"enabled\":false}"));
        assertEquals(
                List.of("every__get-sum"),
                offered(session, ",\"mcp\":{\"enabled_tools\":[\"every__get-sum\"]}"));
        String copy =
                ToolChats.json(
                                chats.post(
                                        ToolChats.PHONE, "/v1/sessions/" + session + ":fork", "{}"))
                        .path("id")
                        .asText();
        assertEquals(List.of("every__echo"), offered(copy, ""));
    }

    private List<String> offered(String session, String more) throws IOException {
        JsonNode debug =
                ToolChats.json(
                        chats.post(
                                ToolChats.PHONE,
                                "/v1/chat/completions/debug",
                                "{\"model\":\"scripted/demo\",\"session_id\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}"
                                        .formatted(session, more)));
        List<String> names = new ArrayList<>();
        debug.path("tools").forEach(name -> names.add(name.asText()));
        return names;
    }

    private static List<ProcessHandle> children() {
        return ProcessHandle.current()
                .descendants()
                .filter(
                        child ->
                                child.info().commandLine().orElse("").contains("server-everything"))
                .toList();
    }
}
