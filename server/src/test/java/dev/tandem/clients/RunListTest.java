package dev.tandem.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.launch.RunningServer;
import dev.tandem.v1.CancelRunRequest;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.ChatMessage;
import dev.tandem.v1.ChatServiceGrpc;
import dev.tandem.v1.CreateSessionRequest;
import dev.tandem.v1.ListRunsRequest;
import dev.tandem.v1.ListSessionsRequest;
import dev.tandem.v1.RunEvent;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The list of runs, over both wires, each time for a tenant of its own.
@Timeout(60)
final class RunListTest {
    @TempDir private static Path data;
    private static RunningServer server;

    enum Over {
        GRPC(KeyedServer.KEY),
        REST(KeyedServer.OTHER_KEY);

        private final String key;

        Over(String key) {
            this.key = key;
        }

        Wire wire() {
            Wire wire =
                    this == GRPC
                            ? new GrpcWire(server.grpc(), Map.of())
                            : new RestWire(server, Map.of());
            return wire.as(key);
        }
    }

    @BeforeAll
    static void start() {
        server = KeyedServer.start(data);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void listsNewestFirstPageByPage(Over over) {
        Wire wire = over.wire();
        String session = session(wire);
        String first = ask(wire, session, "say one").ok().path("run_id").asText();
        assertEquals("overloaded", ask(wire, session, "say two\nfail overloaded").code());
        String third = ask(wire, session, "say three").ok().path("run_id").asText();
        ListRunsRequest.Builder list = ListRunsRequest.newBuilder().setSessionId(session);

        List<JsonNode> all = pages(wire, list.clone().setPageSize(5_000));

        assertEquals(List.of("completed", "failed", "completed"), texts(all, "state"));
        assertEquals(third, all.getFirst().path("id").asText());
        assertEquals(first, all.getLast().path("id").asText());
        assertEquals("overloaded", all.get(1).path("error").path("code").asText());
        assertEquals(all, pages(wire, list.clone().setPageSize(1)));
        assertEquals(all, pages(wire, list.clone().setPageSize(2)));
        assertEquals(
                List.of(third, first),
                texts(pages(wire, list.clone().setState("completed").setPageSize(1)), "id"));
        assertEquals(List.of(all.get(1)), pages(wire, list.clone().setState("failed")));
        assertEquals(List.of(), pages(wire, list.clone().setState("running")));
        assertEquals(List.of(), pages(wire, list.clone().setSessionId("sess_none")));
    }

    @ParameterizedTest
    @EnumSource
    void showsARunWithoutASessionFromItsBeginning(Over over) {
        Wire wire = over.wire();
        Iterator<RunEvent> events = hanging(over);
        String hanging = events.next().getRunId();
        String later = ask(wire, "", "say later").ok().path("run_id").asText();
        ListRunsRequest.Builder list = ListRunsRequest.newBuilder();

        assertEquals(List.of(hanging), texts(pages(wire, list.clone().setState("running")), "id"));
        assertFalse(texts(pages(wire, list.clone().setState("completed")), "id").contains(hanging));
        for (int size = 1; size <= 3; size++) {
            assertEquals(
                    List.of(later, hanging),
                    texts(pages(wire, list.clone().setPageSize(size)), "id").subList(0, 2),
                    "in pages of " + size);
        }

        JsonNode cancelled =
                wire.call(CancelRunRequest.newBuilder().setRunId(hanging).build()).ok();

        assertEquals("cancelled", cancelled.path("state").asText());
        assertEquals(
                List.of(hanging), texts(pages(wire, list.clone().setState("cancelled")), "id"));
        assertEquals(List.of(), pages(wire, list.clone().setState("running")));
        assertEquals(1, Collections.frequency(texts(pages(wire, list), "id"), hanging));
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatIsWrong(Over over) {
        Wire wire = over.wire();
        session(wire);
        session(wire);
        ask(wire, "", "say a").ok();
        ask(wire, "", "say b").ok();
        ListRunsRequest.Builder list = ListRunsRequest.newBuilder().setPageSize(1);
        String ofRuns = wire.call(list.build()).ok().path("next_page_token").asText();
        String ofSessions =
                wire.call(ListSessionsRequest.newBuilder().setPageSize(1).build())
                        .ok()
                        .path("next_page_token")
                        .asText();
        assertTrue(wire.call(list.clone().setPageToken(ofRuns).build()).code().isEmpty());

        for (ListRunsRequest.Builder foreign :
                List.of(
                        list.clone().setPageToken(ofSessions),
                        list.clone().setPageToken("nonsense"),
                        list.clone().setPageToken(ofRuns).setState("completed"),
                        list.clone().setPageToken(ofRuns).setSessionId("sess_a"))) {
            assertEquals("invalid_request at page_token", wire.call(foreign.build()).failure());
        }
        assertEquals(
                "invalid_request at page_size",
                wire.call(list.clone().setPageSize(0).build()).failure());
        assertEquals(
                "invalid_request at state",
                wire.call(list.clone().setState("done").build()).failure());
    }

    private static String session(Wire wire) {
        return wire.call(CreateSessionRequest.getDefaultInstance()).ok().path("id").asText();
    }

    /// @param session empty for none
    private static Wire.Answer ask(Wire wire, String session, String script) {
        ChatCompletionRequest.Builder question = question(script);
        if (!session.isEmpty()) {
            question.setSessionId(session);
        }
        return wire.call(question.build());
    }

    private static ChatCompletionRequest.Builder question(String script) {
        return ChatCompletionRequest.newBuilder()
                .setModel("scripted/any")
                .addMessages(
                        ChatMessage.newBuilder().setRole("user").setContent("/script\n" + script));
    }

    private static Iterator<RunEvent> hanging(Over over) {
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + over.key);
        return ChatServiceGrpc.newBlockingStub(server.grpc())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .streamChatCompletion(question("hang").build());
    }

    /// All that a list holds, read page by page.
    private static List<JsonNode> pages(Wire wire, ListRunsRequest.Builder request) {
        List<JsonNode> all = new ArrayList<>();
        JsonNode page;
        do {
            page = wire.call(request.build()).ok();
            page.path("data").forEach(run -> all.add(RestJson.settled(run)));
            assertEquals(page.has("next_page_token"), page.path("has_more").asBoolean());
            request.setPageToken(page.path("next_page_token").asText());
        } while (page.path("has_more").asBoolean());
        return all;
    }

    private static List<String> texts(List<JsonNode> runs, String field) {
        return runs.stream().map(run -> run.path(field).asText()).toList();
    }
}
