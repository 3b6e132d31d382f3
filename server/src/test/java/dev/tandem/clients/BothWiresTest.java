package dev.tandem.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import dev.tandem.launch.RunningServer;
import dev.tandem.v1.CancelRunRequest;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.ClearSessionRequest;
import dev.tandem.v1.CreateProjectRequest;
import dev.tandem.v1.CreateSessionRequest;
import dev.tandem.v1.DeleteProjectRequest;
import dev.tandem.v1.DeleteSessionRequest;
import dev.tandem.v1.ForkSessionRequest;
import dev.tandem.v1.GetChatStatusRequest;
import dev.tandem.v1.GetModelRequest;
import dev.tandem.v1.GetProjectRequest;
import dev.tandem.v1.GetRunRequest;
import dev.tandem.v1.GetSessionRequest;
import dev.tandem.v1.GetSessionStatsRequest;
import dev.tandem.v1.GetSessionsStatsRequest;
import dev.tandem.v1.ListMessagesRequest;
import dev.tandem.v1.ListModelCapabilitiesRequest;
import dev.tandem.v1.ListModelsRequest;
import dev.tandem.v1.ListProjectsRequest;
import dev.tandem.v1.ListSessionsRequest;
import dev.tandem.v1.UpdateProjectRequest;
import dev.tandem.v1.UpdateSessionRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// One behaviour, two wires: every case runs over gRPC and over REST, each time for a tenant of its
/// own, and what was answered must be the same but for ids and times.
final class BothWiresTest {
    private static final String MODEL = "scripted/any";
    private static final String UNKNOWN = "01jqzzzzzzzzzzzzzzzzzzzzzz";
    private static final Pattern ID =
            Pattern.compile("(sess|proj|run|msg|req|chatcmpl)[_-]\\w{26}");
    private static final Pattern PASSING =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z|(?<=\"next_page_token\":\")[^\"]+");

    @TempDir private static Path data;
    private static RunningServer server;

    private final Map<String, Case> table = new LinkedHashMap<>();

    /// A case, run by a caller who has a tenant of their own.
    private interface Case {
        void run(Wire wire);
    }

    @BeforeAll
    static void start() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("scripted.enabled", "true");
        settings.put("scripted.pace", "0ms");
        settings.put("anthropic.api-key", KeyedServer.ANTHROPIC_KEY);
        settings.put("anthropic.base-url", "http://127.0.0.1:9");
        for (int number = 0; number < 80; number++) {
            settings.put("auth.keys." + number + ".name", "caller" + number);
            settings.put("auth.keys." + number + ".tenant", "tenant" + number);
            settings.put("auth.keys." + number + ".key", key(number));
        }
        server = RunningServer.start(data, settings);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String key(int number) {
        return "a-key-of-the-caller-number-" + number;
    }

    @TestFactory
    Stream<DynamicTest> sameOnBothWires() {
        table.put("a session lives", this::sessionLives);
        table.put("sessions come in pages, newest first", this::sessionsInPages);
        table.put("pages that cannot be are refused", this::wrongPages);
        table.put("messages come in pages, either way", this::messagesInPages);
        table.put("a project lives", this::projectLives);
        table.put("paths that leave the root are refused", this::wrongPaths);
        table.put("a project with sessions goes only by force", this::projectWithSessions);
        table.put("models are listed and found", this::models);
        table.put("models tell what they can do", this::capabilities);
        table.put("a chat is answered", this::chat);
        table.put("a chat goes on in its session", this::chatInSession);
        table.put("a session is forked", this::fork);
        table.put("a session is cleared", this::clear);
        table.put("a chat that fails says why", this::chatFails);
        table.put("status tells of runs and sessions", this::status);
        table.put("cancelling a run that has ended changes nothing", this::cancelEnded);
        table.put("what is unknown is not found", this::unknownIds);
        table.put("what is wrong is named", this::wrongFields);
        table.put("what is another's is not found", this::anothersThings);
        table.put("nobody comes in without a key", this::withoutKey);
        table.put("request ids come back", this::requestIds);

        List<DynamicTest> tests = new ArrayList<>();
        int tenant = 0;
        for (Map.Entry<String, Case> each : table.entrySet()) {
            String grpcKey = key(tenant++);
            String restKey = key(tenant++);
            tests.add(
                    dynamicTest(
                            each.getKey(),
                            () -> {
                                Noted grpc =
                                        new Noted("gRPC", new GrpcWire(server.grpc(), Map.of()));
                                Noted rest = new Noted("REST", new RestWire(server, Map.of()));
                                grpc.run(each, grpcKey);
                                rest.run(each, restKey);
                                assertEquals(grpc.notes(), rest.notes(), each.getKey());
                            }));
        }
        return tests.stream();
    }

    private void sessionLives(Wire wire) {
        JsonNode made =
                wire.call(
                                CreateSessionRequest.newBuilder()
                                        .setTitle("first")
                                        .setModel(MODEL)
                                        .setSystemPrompt("be kind")
                                        .build())
                        .ok();
        String id = made.path("id").asText();
        assertTrue(id.startsWith("sess_"), id);
        assertEquals("be kind", made.path("system_prompt").asText());
        assertEquals(made, wire.call(session(id)).ok());

        JsonNode changed =
                wire.call(
                                UpdateSessionRequest.newBuilder()
                                        .setSessionId(id)
                                        .setTitle("second")
                                        .setSystemPrompt("")
                                        .build())
                        .ok();
        assertEquals("second", changed.path("title").asText());
        assertEquals(MODEL, changed.path("model").asText());
        assertFalse(changed.has("system_prompt"), changed::toString);

        JsonNode stats =
                wire.call(GetSessionStatsRequest.newBuilder().setSessionId(id).build()).ok();
        assertEquals(0, stats.path("run_count").asInt(-1));
        assertEquals(
                1,
                wire.call(GetSessionsStatsRequest.getDefaultInstance())
                        .ok()
                        .path("total_sessions")
                        .asInt());
        assertEquals(1, sessions(wire).size());

        Message delete = DeleteSessionRequest.newBuilder().setSessionId(id).build();
        assertTrue(wire.call(delete).ok().isEmpty());
        assertEquals("not_found at session_id", wire.call(session(id)).failure());
        assertEquals("not_found at session_id", wire.call(delete).failure());
        assertEquals(0, sessions(wire).size());
    }

    private void sessionsInPages(Wire wire) {
        List<String> made = new ArrayList<>();
        for (int number = 0; number < 5; number++) {
            made.addFirst(newSession(wire));
        }

        List<String> seen = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        ListSessionsRequest.Builder page = ListSessionsRequest.newBuilder().setPageSize(2);
        JsonNode answer;
        do {
            answer = wire.call(page.build()).ok();
            answer.path("data").forEach(session -> seen.add(session.path("id").asText()));
            sizes.add(answer.path("data").size());
            assertEquals(answer.has("next_page_token"), answer.path("has_more").asBoolean());
            page.setPageToken(answer.path("next_page_token").asText());
        } while (answer.path("has_more").asBoolean());

        assertEquals(List.of(2, 2, 1), sizes);
        assertEquals(made, seen);
        assertEquals(
                5,
                wire.call(ListSessionsRequest.newBuilder().setPageSize(5000).build())
                        .ok()
                        .path("data")
                        .size());
    }

    private void wrongPages(Wire wire) {
        String session = newSession(wire);
        newSession(wire);
        ListSessionsRequest.Builder list = ListSessionsRequest.newBuilder();
        String foreign =
                wire.call(list.clone().setPageSize(1).build())
                        .ok()
                        .path("next_page_token")
                        .asText();
        assertFalse(foreign.isEmpty());
        Map<String, Message> wrong = new LinkedHashMap<>();
        wrong.put("page_token", list.clone().setPageToken("nonsense").build());
        wrong.put("page_token of another list", projects().setPageToken(foreign).build());
        wrong.put("page_token of other messages", messages(session).setPageToken(foreign).build());
        wrong.put("page_size 0", list.clone().setPageSize(0).build());
        wrong.put("page_size -1", list.clone().setPageSize(-1).build());
        wrong.put("page_size of projects", projects().setPageSize(0).build());
        wrong.put("limit", messages(session).setLimit(0).build());
        wrong.put("role", messages(session).setRole("pirate").build());
        wrong.put("order", messages(session).setOrder("sideways").build());
        wrong.forEach(
                (name, request) ->
                        assertEquals(
                                "invalid_request at " + name.split(" ", 2)[0],
                                wire.call(request).failure()));
    }

    private void messagesInPages(Wire wire) {
        String id = newSession(wire);
        wire.call(ask("one").setSessionId(id).build()).ok();
        wire.call(ask("two").setSessionId(id).build()).ok();

        JsonNode all = wire.call(messages(id).build()).ok();
        assertEquals(List.of("user one", "assistant one", "user two", "assistant two"), told(all));
        JsonNode newest = wire.call(messages(id).setOrder("desc").setLimit(3).build()).ok();
        assertEquals(List.of("assistant two", "user two", "assistant one"), told(newest));
        JsonNode rest =
                wire.call(
                                messages(id)
                                        .setOrder("desc")
                                        .setLimit(3)
                                        .setPageToken(newest.path("next_page_token").asText())
                                        .build())
                        .ok();
        assertEquals(List.of("user one"), told(rest));
        assertFalse(rest.path("has_more").asBoolean(true));
        assertEquals(
                List.of("user one", "user two"),
                told(wire.call(messages(id).setRole("user").build()).ok()));
    }

    private void projectLives(Wire wire) {
        JsonNode made =
                wire.call(
                                CreateProjectRequest.newBuilder()
                                        .setName("garden")
                                        .setDescription("roses")
                                        .build())
                        .ok();
        String id = made.path("id").asText();
        assertTrue(id.startsWith("proj_"), id);
        assertEquals(id, made.path("path").asText());
        assertEquals(made, wire.call(project(id)).ok());

        JsonNode changed =
                wire.call(
                                UpdateProjectRequest.newBuilder()
                                        .setProjectId(id)
                                        .setName("park")
                                        .setDescription("")
                                        .build())
                        .ok();
        assertEquals("park", changed.path("name").asText());
        assertFalse(changed.has("description"), changed::toString);
        JsonNode list = wire.call(ListProjectsRequest.getDefaultInstance()).ok();
        assertEquals("park", list.path("data").path(0).path("name").asText());

        Message delete = DeleteProjectRequest.newBuilder().setProjectId(id).build();
        assertTrue(wire.call(delete).ok().isEmpty());
        assertEquals("not_found at project_id", wire.call(project(id)).failure());
        assertEquals("not_found at project_id", wire.call(delete).failure());
    }

    private void wrongPaths(Wire wire) {
        for (String path :
                List.of("../out", "/etc", "a/../../b", "..", "a/./../..", "a\u0000b", "")) {
            Wire.Answer answer = wire.call(at(path));
            assertEquals("invalid_request at path", answer.failure(), path);
        }
        assertEquals(
                0,
                wire.call(ListProjectsRequest.getDefaultInstance()).ok().path("data").size(),
                "a project was made all the same");
    }

    private void projectWithSessions(Wire wire) {
        String project =
                wire.call(CreateProjectRequest.newBuilder().setName("p").build())
                        .ok()
                        .path("id")
                        .asText();
        String session =
                wire.call(CreateSessionRequest.newBuilder().setProjectId(project).build())
                        .ok()
                        .path("id")
                        .asText();
        assertEquals(
                1,
                wire.call(ListSessionsRequest.newBuilder().setProjectId(project).build())
                        .ok()
                        .path("data")
                        .size());

        DeleteProjectRequest delete =
                DeleteProjectRequest.newBuilder().setProjectId(project).build();
        assertEquals("conflict at force", wire.call(delete).failure());
        assertEquals(
                "conflict at force",
                wire.call(delete.toBuilder().setForce(false).build()).failure());
        assertEquals(session, wire.call(session(session)).ok().path("id").asText());

        wire.call(delete.toBuilder().setForce(true).build()).ok();
        assertEquals("not_found at project_id", wire.call(project(project)).failure());
        assertEquals("not_found at session_id", wire.call(session(session)).failure());
    }

    private void models(Wire wire) {
        JsonNode list = wire.call(ListModelsRequest.getDefaultInstance()).ok();
        List<String> ids = texts(list.path("data"), "id");
        assertTrue(ids.contains("claude-opus-5-5"), ids::toString);

        for (String id :
                List.of("claude-opus-5-5", "anthropic/claude-opus-5-5", "scripted/a:b/c")) {
            JsonNode found = wire.call(model(id)).ok();
            assertEquals(id.endsWith("opus-5-5") ? "claude-opus-5-5" : id, id(found));
        }
        for (String id : List.of("nobody", "nobody/has-it", "nobody/has:it")) {
            assertEquals("not_found at model", wire.call(model(id)).failure());
        }
    }

    private void capabilities(Wire wire) {
        JsonNode list = wire.call(ListModelCapabilitiesRequest.getDefaultInstance()).ok();
        JsonNode opus =
                stream(list.path("data"))
                        .filter(model -> id(model).equals("claude-opus-5-5"))
                        .findFirst()
                        .orElseThrow();

        assertTrue(opus.path("supports_tools").asBoolean());
        assertEquals(4.0, opus.path("pricing").path("input").asDouble());
        assertEquals(20.0, opus.path("pricing").path("output").asDouble());
    }

    private void chat(Wire wire) {
        Wire.Answer answer = wire.call(ask("hello there").setTemperature(0.5).build());

        assertEquals("hello there", Said.in(answer.ok()).text());
        assertEquals("stop", Said.in(answer.ok()).finishReason());
        assertEquals(2, Said.in(answer.ok()).inputTokens());
        assertEquals(
                answer.ok().path("run_id").asText(), answer.headers().getOrDefault("x-run-id", ""));
        assertFalse(answer.ok().has("session_id"));
    }

    private void chatInSession(Wire wire) {
        String project =
                wire.call(CreateProjectRequest.newBuilder().setName("p").build())
                        .ok()
                        .path("id")
                        .asText();
        JsonNode first = wire.call(ask("remember blue").setProjectId(project).build()).ok();
        String session = first.path("session_id").asText();
        assertEquals(project, first.path("project_id").asText());

        JsonNode second = wire.call(ask("which colour").setSessionId(session).build()).ok();
        assertEquals(6, Said.in(second).inputTokens());
        JsonNode kept = wire.call(session(session)).ok();
        assertEquals("remember blue", kept.path("title").asText());
        assertEquals(4, kept.path("message_count").asInt());
        assertEquals(2 + 2 + 6 + 2, kept.path("total_tokens").asInt());
        assertEquals(2, kept.path("unpriced_runs").asInt());
        JsonNode stats =
                wire.call(GetSessionStatsRequest.newBuilder().setSessionId(session).build()).ok();
        assertEquals(2, stats.path("run_count").asInt());
        assertEquals(
                "invalid_request at project_id",
                wire.call(ask("hi").setSessionId(session).setProjectId("proj_" + UNKNOWN).build())
                        .failure());
    }

    private void fork(Wire wire) {
        String session = newSession(wire);
        wire.call(ask("one").setSessionId(session).build()).ok();
        wire.call(ask("two").setSessionId(session).build()).ok();
        JsonNode said = wire.call(messages(session).build()).ok();
        String second = texts(said.path("data"), "id").get(1);

        JsonNode whole = wire.call(fork(session).build()).ok();
        assertEquals(4, whole.path("message_count").asInt());
        assertEquals(0, whole.path("total_tokens").asInt());
        assertEquals("one", whole.path("title").asText());
        assertEquals(told(said), told(wire.call(messages(id(whole)).build()).ok()));

        JsonNode part =
                wire.call(fork(session).setMessageId(second).setTitle("Other").build()).ok();
        assertEquals(2, part.path("message_count").asInt());
        assertEquals("Other", part.path("title").asText());
        wire.call(ask("three").setSessionId(id(part)).build()).ok();
        assertEquals(
                List.of("user one", "assistant one", "user three", "assistant three"),
                told(wire.call(messages(id(part)).build()).ok()));
        assertEquals(told(said), told(wire.call(messages(session).build()).ok()));
        assertEquals(
                "not_found at message_id",
                wire.call(fork(id(part)).setMessageId(second).build()).failure());
        assertEquals(
                "invalid_request at title",
                wire.call(fork(session).setTitle("x".repeat(201)).build()).failure());
    }

    private void clear(Wire wire) {
        String session = newSession(wire);
        wire.call(ask("one").setSessionId(session).build()).ok();
        long used = wire.call(session(session)).ok().path("total_tokens").asLong();

        JsonNode cleared = wire.call(clear(session)).ok();
        assertEquals(0, cleared.path("message_count").asInt());
        assertEquals(used, cleared.path("total_tokens").asLong());
        assertTrue(used > 0);
        assertEquals(List.of(), told(wire.call(messages(session).build()).ok()));

        wire.call(ask("two").setSessionId(session).build()).ok();
        assertEquals(
                List.of("user two", "assistant two"),
                told(wire.call(messages(session).build()).ok()));
    }

    private void chatFails(Wire wire) {
        for (String code :
                List.of(
                        "invalid_request",
                        "rate_limited",
                        "overloaded",
                        "upstream_error",
                        "upstream_unavailable",
                        "upstream_timeout",
                        "internal")) {
            String phase = " retry-after 2s before-headers";
            Wire.Answer answer = wire.call(ask("/script\nfail " + code + phase).build());
            assertEquals(code, answer.failure());
        }
        String session = newSession(wire);
        wire.call(ask("/script\nfail overloaded").setSessionId(session).build()).failure();
        assertEquals(
                List.of(),
                told(wire.call(messages(session).build()).ok()),
                "a question that got no answer must not stay");
        assertEquals(
                1,
                wire.call(GetSessionStatsRequest.newBuilder().setSessionId(session).build())
                        .ok()
                        .path("failed_runs")
                        .asInt());
    }

    private void status(Wire wire) {
        String session = newSession(wire);
        JsonNode idle = wire.call(status(session)).ok();
        assertFalse(idle.path("is_running").asBoolean(true));
        assertFalse(idle.has("run_id"), idle::toString);

        JsonNode answer = wire.call(ask("hi").setSessionId(session).build()).ok();
        String run = answer.path("run_id").asText();
        for (String id : List.of(session, run, answer.path("id").asText())) {
            JsonNode ended = wire.call(status(id)).ok();
            assertEquals(session, ended.path("session_id").asText());
            assertEquals(run, ended.path("run_id").asText());
            assertEquals("completed", ended.path("state").asText());
            assertEquals(2, ended.path("message_count").asInt());
        }
        JsonNode found = wire.call(run(run)).ok();
        assertEquals("completed", found.path("state").asText());
        assertEquals(found, wire.call(run(answer.path("id").asText())).ok());
    }

    private void cancelEnded(Wire wire) {
        JsonNode answer = wire.call(ask("hi").build()).ok();
        String run = answer.path("run_id").asText();
        JsonNode before = withoutMessage(wire.call(run(run)).ok());
        assertEquals("completed", before.path("state").asText());
        assertFalse(wire.call(status(run)).ok().path("is_running").asBoolean(true));

        for (String id : List.of(run, answer.path("id").asText())) {
            CancelRunRequest cancel = CancelRunRequest.newBuilder().setRunId(id).build();
            assertEquals(before, withoutMessage(wire.call(cancel).ok()));
        }
    }

    /// What a run without a session has said is not kept for long after its end.
    private static JsonNode withoutMessage(JsonNode run) {
        ObjectNode copy = run.deepCopy();
        copy.remove("message");
        return copy;
    }

    private void unknownIds(Wire wire) {
        for (String id : List.of(UNKNOWN, "nonsense", "sess_" + UNKNOWN, "run_" + UNKNOWN)) {
            for (Message request : about(id, id, id)) {
                assertTrue(
                        wire.call(request).failure().startsWith("not_found at "),
                        () -> request.getDescriptorForType().getName() + " " + id);
            }
        }
        assertEquals(
                "not_found at session_id",
                wire.call(ask("hi").setSessionId("sess_" + UNKNOWN).build()).failure());
        assertEquals(
                "not_found at project_id",
                wire.call(ask("hi").setProjectId("proj_" + UNKNOWN).build()).failure());
        assertEquals(
                "not_found at project_id",
                wire.call(CreateSessionRequest.newBuilder().setProjectId("proj_x").build())
                        .failure());
    }

    private void wrongFields(Wire wire) {
        Map<String, Message> wrong = new LinkedHashMap<>();
        wrong.put("title", CreateSessionRequest.newBuilder().setTitle("x".repeat(201)).build());
        wrong.put("name", CreateProjectRequest.newBuilder().setName("x".repeat(201)).build());
        wrong.put(
                "description",
                CreateProjectRequest.newBuilder()
                        .setName("x")
                        .setDescription("x".repeat(10_001))
                        .build());
        wrong.put("temperature", ask("hi").setTemperature(2.5).build());
        wrong.put("top_p", ask("hi").setTopP(-0.5).build());
        wrong.put("max_tokens", ask("hi").setMaxTokens(0).build());
        wrong.put("reasoning_effort", ask("hi").setReasoningEffort("heroic").build());
        wrong.put("messages", ask("hi").clearMessages().build());
        wrong.put(
                "messages[0].role",
                ask("hi").setMessages(0, ChatMessage.newBuilder().setRole("pirate")).build());
        wrong.put("stop[0]", ask("hi").addStop("").build());
        wrong.put("n", ask("hi").putExtraParametersJson("n", "2").build());
        wrong.put("model", ask("hi").clearModel().build());
        wrong.forEach(
                (field, request) ->
                        assertEquals("invalid_request at " + field, wire.call(request).failure()));
        assertEquals(
                "invalid_request at name",
                wire.call(CreateProjectRequest.getDefaultInstance()).failure());
        assertEquals(
                "not_found at model",
                wire.call(ask("hi").setModel("nobody/has-it").build()).failure());
        assertEquals(
                "not_found at model",
                wire.call(CreateSessionRequest.newBuilder().setModel("nobody/x").build())
                        .failure());
    }

    private void anothersThings(Wire wire) {
        String project =
                wire.call(CreateProjectRequest.newBuilder().setName("mine").build())
                        .ok()
                        .path("id")
                        .asText();
        JsonNode answer = wire.call(ask("my secret").setProjectId(project).build()).ok();
        String session = answer.path("session_id").asText();
        String run = answer.path("run_id").asText();
        Wire stranger = wire.as(key(79));

        for (Message request : about(session, project, run)) {
            Wire.Answer refused = stranger.call(request);
            assertTrue(
                    refused.failure().startsWith("not_found at "),
                    () -> request.getDescriptorForType().getName() + ": " + refused.failure());
        }
        assertEquals(
                "not_found at session_id",
                stranger.call(ask("hi").setSessionId(session).build()).failure());
        assertEquals(
                "not_found at project_id",
                stranger.call(ask("hi").setProjectId(project).build()).failure());
        assertEquals(
                "not_found at project_id",
                stranger.call(CreateSessionRequest.newBuilder().setProjectId(project).build())
                        .failure());
        assertFalse(
                texts(list(stranger, ListSessionsRequest.getDefaultInstance()), "id")
                        .contains(session));
        assertFalse(
                texts(list(stranger, ListProjectsRequest.getDefaultInstance()), "id")
                        .contains(project));
        assertEquals(
                List.of(),
                texts(
                        list(
                                stranger,
                                ListSessionsRequest.newBuilder().setProjectId(project).build()),
                        "id"));
        assertEquals("completed", wire.call(run(run)).ok().path("state").asText());
        assertEquals(
                List.of("user my secret", "assistant my secret"),
                told(wire.call(messages(session).build()).ok()));
    }

    private void withoutKey(Wire wire) {
        List<Message> requests = new ArrayList<>(about("x", "x", "x"));
        requests.addAll(
                List.of(
                        ask("hi").build(),
                        CreateSessionRequest.getDefaultInstance(),
                        ListSessionsRequest.getDefaultInstance(),
                        GetSessionsStatsRequest.getDefaultInstance(),
                        CreateProjectRequest.getDefaultInstance(),
                        ListProjectsRequest.getDefaultInstance(),
                        ListModelsRequest.getDefaultInstance(),
                        ListModelCapabilitiesRequest.getDefaultInstance(),
                        model("claude-opus-5-5")));
        Wire nobody = wire.with("authorization", "");
        Wire stranger = wire.as("a-key-that-nobody-was-given");
        for (Message request : requests) {
            assertEquals("unauthorized", nobody.call(request).failure());
            assertEquals("unauthorized", stranger.call(request).failure());
        }
        assertEquals(
                "unauthorized",
                nobody.with("x-api-key", "neither-is-this-one").call(ask("hi").build()).failure());
        nobody.with("x-api-key", key(78)).call(ask("hi").build()).ok();
    }

    private void requestIds(Wire wire) {
        Wire named = wire.with("x-request-id", "from-the-client-7");
        assertEquals(
                "from-the-client-7",
                named.call(ask("hi").build()).headers().getOrDefault("x-request-id", ""));
        assertEquals(
                "from-the-client-7",
                named.call(session("sess_" + UNKNOWN)).headers().getOrDefault("x-request-id", ""));
        String made = wire.call(ask("hi").build()).headers().getOrDefault("x-request-id", "");
        assertTrue(made.startsWith("req_"), made);
        assertNotEquals(
                made, wire.call(ask("hi").build()).headers().getOrDefault("x-request-id", ""));
        String tooLong = "x".repeat(129);
        assertNotEquals(
                tooLong,
                wire.with("x-request-id", tooLong)
                        .call(ask("hi").build())
                        .headers()
                        .getOrDefault("x-request-id", ""));
    }

    /// Every request that names one thing which must be there, and be the caller's.
    private static List<Message> about(String session, String project, String run) {
        return List.of(
                session(session),
                UpdateSessionRequest.newBuilder().setSessionId(session).setTitle("t").build(),
                GetSessionStatsRequest.newBuilder().setSessionId(session).build(),
                messages(session).build(),
                fork(session).build(),
                clear(session),
                DeleteSessionRequest.newBuilder().setSessionId(session).build(),
                project(project),
                UpdateProjectRequest.newBuilder().setProjectId(project).setName("n").build(),
                DeleteProjectRequest.newBuilder().setProjectId(project).build(),
                DeleteProjectRequest.newBuilder().setProjectId(project).setForce(true).build(),
                run(run),
                status(run),
                status(session),
                CancelRunRequest.newBuilder().setRunId(run).build(),
                CancelRunRequest.newBuilder().setRunId(session).build());
    }

    private static ChatCompletionRequest.Builder ask(String text) {
        return ChatCompletionRequest.newBuilder()
                .setModel(MODEL)
                .addMessages(ChatMessage.newBuilder().setRole("user").setContent(text));
    }

    private static GetSessionRequest session(String id) {
        return GetSessionRequest.newBuilder().setSessionId(id).build();
    }

    private static ForkSessionRequest.Builder fork(String session) {
        return ForkSessionRequest.newBuilder().setSessionId(session);
    }

    private static ClearSessionRequest clear(String session) {
        return ClearSessionRequest.newBuilder().setSessionId(session).build();
    }

    private static ListMessagesRequest.Builder messages(String session) {
        return ListMessagesRequest.newBuilder().setSessionId(session);
    }

    private static ListProjectsRequest.Builder projects() {
        return ListProjectsRequest.newBuilder();
    }

    private static GetProjectRequest project(String id) {
        return GetProjectRequest.newBuilder().setProjectId(id).build();
    }

    private static CreateProjectRequest at(String path) {
        return CreateProjectRequest.newBuilder().setName("p").setPath(path).build();
    }

    private static GetModelRequest model(String id) {
        return GetModelRequest.newBuilder().setModelId(id).build();
    }

    private static GetRunRequest run(String id) {
        return GetRunRequest.newBuilder().setRunId(id).build();
    }

    private static GetChatStatusRequest status(String id) {
        return GetChatStatusRequest.newBuilder().setId(id).build();
    }

    private static String newSession(Wire wire) {
        return id(wire.call(CreateSessionRequest.getDefaultInstance()).ok());
    }

    private static JsonNode sessions(Wire wire) {
        return list(wire, ListSessionsRequest.getDefaultInstance());
    }

    private static JsonNode list(Wire wire, Message request) {
        return wire.call(request).ok().path("data");
    }

    private static String id(JsonNode json) {
        return json.path("id").asText();
    }

    private static List<String> told(JsonNode messages) {
        return stream(messages.path("data"))
                .map(m -> m.path("role").asText() + " " + m.path("content").asText())
                .toList();
    }

    private static List<String> texts(JsonNode array, String field) {
        return stream(array).map(element -> element.path(field).asText()).toList();
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /// What an answer said, in whichever of its two shapes.
    private record Said(String text, String finishReason, long inputTokens) {
        static Said in(JsonNode json) {
            JsonNode holder = json.has("choices") ? json.path("choices").path(0) : json;
            return new Said(
                    holder.path("message").path("content").asText(),
                    holder.path("finish_reason").asText(),
                    json.path("usage").path("input_tokens").asLong());
        }
    }

    /// A wire that notes what it is answered, with ids by order of appearance and without times.
    private static final class Noted implements Wire {
        private final String name;
        private final Wire wire;
        private final List<String> notes;
        private final Map<String, String> ids;

        private Noted(String name, Wire wire) {
            this(name, wire, new ArrayList<>(), new HashMap<>());
        }

        private Noted(String name, Wire wire, List<String> notes, Map<String, String> ids) {
            this.name = name;
            this.wire = wire;
            this.notes = notes;
            this.ids = ids;
        }

        void run(Map.Entry<String, Case> each, String key) {
            try {
                each.getValue().run(as(key));
            } catch (AssertionError failed) {
                throw new AssertionError(
                        each.getKey() + ", over " + name + ": " + failed.getMessage(), failed);
            }
        }

        String notes() {
            return String.join("\n", notes);
        }

        @Override
        public Answer call(Message request) {
            Answer answer = wire.call(request);
            String said =
                    answer.code().isEmpty()
                            ? shape(request, RestJson.settled(answer.json()))
                            : answer.failure() + words(request, answer);
            notes.add(alike(request.getDescriptorForType().getName() + " → " + said));
            return answer;
        }

        /// Answers whose shape OpenAI fixed are compared by what they say.
        private static String shape(Message request, JsonNode json) {
            return switch (request) {
                case ChatCompletionRequest _ -> Said.in(json).toString();
                case GetRunRequest _, CancelRunRequest _ -> withoutMessage(json).toString();
                case GetModelRequest _ -> id(json) + json.path("owned_by");
                case ListModelsRequest _ -> texts(json.path("data"), "id").toString();
                default -> json.toString();
            };
        }

        /// OpenAI's own fields are checked by a reader that has its own words.
        private static String words(Message request, Answer answer) {
            return request instanceof ChatCompletionRequest ? "" : ": " + answer.message();
        }

        private String alike(String text) {
            Matcher found = ID.matcher(PASSING.matcher(text).replaceAll("…"));
            return found.replaceAll(
                    id -> ids.computeIfAbsent(id.group(), _ -> id.group(1) + ids.size()));
        }

        @Override
        public Wire as(String key) {
            return new Noted(name, wire.as(key), notes, ids);
        }

        @Override
        public Wire with(String header, String value) {
            return new Noted(name, wire.with(header, value), notes, ids);
        }
    }
}
