package dev.tandem.edge.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.testing.EdgeServer;
import dev.tandem.testing.FakeContract;
import dev.tandem.v1.CreateProjectRequest;
import dev.tandem.v1.CreateSessionRequest;
import dev.tandem.v1.DeleteProjectRequest;
import dev.tandem.v1.ListMessagesRequest;
import dev.tandem.v1.ListSessionsRequest;
import dev.tandem.v1.Run;
import dev.tandem.v1.Session;
import dev.tandem.v1.UpdateSessionRequest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RestEdgeTest {
    private static final FakeContract CONTRACT = new FakeContract();
    private static final EdgeServer SERVER = new EdgeServer(CONTRACT.methods());

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void forget() {
        CONTRACT.forget();
    }

    @Test
    void readsABodyIntoTheRequest() {
        HttpResponse<String> answer =
                SERVER.post("/v1/projects", "{\"name\":\"n\",\"description\":\"é\"}");

        assertEquals(200, answer.statusCode());
        assertEquals(
                CreateProjectRequest.newBuilder().setName("n").setDescription("é").build(),
                CONTRACT.last().request());
        assertEquals("application/json", answer.headers().firstValue("Content-Type").orElseThrow());
    }

    @Test
    void takesAnEmptyBodyForAnEmptyObject() {
        assertEquals(200, SERVER.post("/v1/sessions", "").statusCode());
        assertEquals(CreateSessionRequest.getDefaultInstance(), CONTRACT.last().request());
    }

    @Test
    void readsQueryAndPathIntoTheRequest() {
        SERVER.get("/v1/sessions/s%2F1/messages?limit=7&order=desc&page_token=a%2Bb+c");

        assertEquals(
                ListMessagesRequest.newBuilder()
                        .setSessionId("s/1")
                        .setLimit(7)
                        .setOrder("desc")
                        .setPageToken("a+b c")
                        .build(),
                CONTRACT.last().request());
    }

    @Test
    void tellsAnEmptyParameterFromAnAbsentOne() {
        SERVER.get("/v1/sessions?project_id=");
        assertTrue(((ListSessionsRequest) CONTRACT.last().request()).hasProjectId());

        SERVER.get("/v1/sessions");
        assertFalse(((ListSessionsRequest) CONTRACT.last().request()).hasProjectId());
    }

    @Test
    void readsTrueAndFalseFromTheQuery() {
        SERVER.send("DELETE", "/v1/projects/p?force=true", "");

        assertEquals(
                DeleteProjectRequest.newBuilder().setProjectId("p").setForce(true).build(),
                CONTRACT.last().request());
    }

    @Test
    void clearsWithNullWhatAPatchNames() {
        SERVER.send("PATCH", "/v1/sessions/s", "{\"title\":null,\"model\":\"m\"}");

        assertEquals(
                UpdateSessionRequest.newBuilder()
                        .setSessionId("s")
                        .setTitle("")
                        .setModel("m")
                        .build(),
                CONTRACT.last().request());
    }

    @Test
    void answersADeletionWithAnEmptyObject() {
        HttpResponse<String> answer = SERVER.send("DELETE", "/v1/sessions/s", "");

        assertEquals(200, answer.statusCode());
        assertEquals("{}", answer.body());
    }

    @ParameterizedTest
    @CsvSource({
        "POST,   /v1/runs/run_1:cancel,           CancelRun",
        "POST,   /v1/sessions/run_1/stop,         CancelRun",
        "DELETE, /v1/chat/completions/run_1,      CancelRun",
        "GET,    /v1/chat/completions/x/status,   GetChatStatus",
        "GET,    /v1/runs/chatcmpl-1,             GetRun",
        "GET,    /v1/sessions/stats,              GetSessionsStats",
        "GET,    /v1/sessions/x,                  GetSession",
        "GET,    /v1/sessions/x/stats,            GetSessionStats",
        "GET,    /v1/models/capabilities,         ListModelCapabilities",
        "GET,    /v1/models/capabilities2,        GetModel",
        "GET,    /v1/models/a/capabilities,       GetModel",
    })
    void choosesTheMethod(String method, String path, String expected) {
        HttpResponse<String> answer = SERVER.send(method, path, "");

        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(expected, CONTRACT.last().method());
    }

    @Test
    void ignoresABodyThatIsNotMapped() {
        SERVER.post("/v1/runs/run_1:cancel", "{\"why\":\"because\"}");

        assertTrue(CONTRACT.last().request().toString().contains("run_1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "GET    | /v1/nothing                    | ``                       | 404 | not_found | null",
                "GET    | /                              | ``                       | 404 | not_found | null",
                "GET    | /v1/sessions/                  | ``                       | 404 | not_found | null",
                "PUT    | /v1/sessions                   | {}                       | 405 | method_not_allowed | null",
                "GET    | /v1/runs/r:cancel              | ``                       | 405 | method_not_allowed | null",
                "GET    | /v1/chat/completions           | ``                       | 405 | method_not_allowed | null",
                "POST   | /v1/models                     | {}                       | 405 | method_not_allowed | null",
                "POST   | /v1/models/capabilities        | {}                       | 405 | method_not_allowed | null",
                "POST   | /v1/projects                   | {\"nam\":\"x\"}          | 400 | invalid_request | nam",
                "POST   | /v1/projects                   | {\"name\":7}             | 400 | invalid_request | name",
                "POST   | /v1/projects                   | {\"name\":               | 400 | invalid_request | null",
                "POST   | /v1/projects                   | []                       | 400 | invalid_request | null",
                "POST   | /v1/projects?name=x            | {}                       | 400 | invalid_request | name",
                "PATCH  | /v1/sessions/s                 | {\"session_id\":\"t\"}   | 400 | invalid_request | session_id",
                "GET    | /v1/sessions?limit=5           | ``                       | 400 | invalid_request | limit",
                "GET    | /v1/sessions?page_size=five    | ``                       | 400 | invalid_request | page_size",
                "GET    | /v1/sessions?page_size=        | ``                       | 400 | invalid_request | page_size",
                "GET    | /v1/sessions?page_size=1.5     | ``                       | 400 | invalid_request | page_size",
                "GET    | /v1/sessions?page_size=5000000000 | ``                    | 400 | invalid_request | page_size",
                "GET    | /v1/sessions?page_size=1&page_size=2 | ``                 | 400 | invalid_request | page_size",
                "GET    | /v1/sessions?page_token=%25zz%ff | ``                     | 400 | invalid_request | page_token",
                "GET    | /v1/sessions/s/stats?session_id=t | ``                    | 400 | invalid_request | session_id",
                "DELETE | /v1/projects/p?force=yes       | ``                       | 400 | invalid_request | force",
                "GET    | /v1/runs/%ff                   | ``                       | 400 | invalid_request | run_id",
                "GET    | /v1/models/%ff                 | ``                       | 400 | invalid_request | model_id",
            })
    void refuses(String method, String path, String body, int status, String code, String param)
            throws IOException {
        HttpResponse<String> answer = SERVER.send(method, path, body);

        JsonNode error = new ObjectMapper().readTree(answer.body()).get("error");
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals(status, error.get("status").asInt());
        assertEquals(code, error.get("code").asText());
        assertEquals(param, error.get("param").asText());
        assertTrue(CONTRACT.asked().isEmpty(), "the method was called");
    }

    @Test
    void namesTheMethodsThatAPathHas() {
        HttpResponse<String> answer = SERVER.send("PUT", "/v1/sessions/s", "{}");

        assertEquals(
                "DELETE, GET, HEAD, PATCH", answer.headers().firstValue("Allow").orElseThrow());
    }

    @Test
    void answersHeadAsGetWithoutTheBody() throws IOException {
        String answer =
                SERVER.raw("HEAD /v1/sessions/s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
        assertTrue(answer.contains("Content-Length: 95\r\n"), answer);
        assertTrue(answer.endsWith("\r\n\r\n"), answer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json                      | 200",
                "application/json; charset=utf-8       | 200",
                "APPLICATION/JSON; Charset=\"UTF-8\"   | 200",
                "application/merge-patch+json          | 200",
                "application/json; charset=iso-8859-1  | 415",
                "application/x-www-form-urlencoded     | 415",
                "text/plain                            | 415",
            })
    void takesJsonOnly(String contentType, int status) {
        HttpResponse<String> answer =
                SERVER.post("/v1/projects", "{\"name\":\"n\"}", "Content-Type", contentType);

        assertEquals(status, answer.statusCode(), answer.body());
    }

    @Test
    void takesABodyOfUnnamedType() {
        HttpRequest request =
                HttpRequest.newBuilder(SERVER.uri("/v1/projects"))
                        .POST(BodyPublishers.ofString("{\"name\":\"n\"}"))
                        .build();

        assertEquals(200, SERVER.send(request).statusCode());
    }

    @Test
    void refusesBodiesThatAreTooLarge() {
        String large = "{\"name\":\"" + "x".repeat(EdgeServer.BODY_MAX) + "\"}";
        HttpRequest chunked =
                HttpRequest.newBuilder(SERVER.uri("/v1/projects"))
                        .POST(
                                BodyPublishers.fromPublisher(
                                        BodyPublishers.ofByteArrays(
                                                List.of(large.getBytes(StandardCharsets.UTF_8)))))
                        .build();

        HttpResponse<String> counted = SERVER.post("/v1/projects", large);
        HttpResponse<String> uncounted = SERVER.send(chunked);

        assertEquals(413, counted.statusCode());
        assertTrue(counted.body().contains("\"code\":\"request_too_large\""), counted.body());
        assertEquals(413, uncounted.statusCode());
        assertTrue(CONTRACT.asked().isEmpty());
    }

    @Test
    void doesNotReadAHugeBodyThatNobodyWants() throws IOException {
        String answer =
                SERVER.raw(
                        "POST /nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\nx");

        assertTrue(answer.startsWith("HTTP/1.1 404"), answer);
        assertTrue(answer.contains("Connection: close"), answer);
    }

    @Test
    void takesABodyOfExactlyTheLimit() {
        String frame = "{\"system_prompt\":\"\"}";
        String prompt = "x".repeat(EdgeServer.BODY_MAX - frame.length());
        String body = "{\"system_prompt\":\"" + prompt + "\"}";

        assertEquals(200, SERVER.post("/v1/sessions", body).statusCode());
    }

    @Test
    void echoesARequestIdOrMakesOne() {
        assertEquals("abc", requestId(SERVER.get("/v1/sessions", "x-request-id", "abc")));
        assertEquals("abc", requestId(SERVER.get("/nowhere", "x-request-id", "abc")));
        assertTrue(requestId(SERVER.get("/v1/sessions")).startsWith("req_"));
        assertTrue(
                requestId(SERVER.get("/v1/sessions", "x-request-id", "x".repeat(129)))
                        .startsWith("req_"));
    }

    @Test
    void sendsTheHeadersThatAMethodSets() {
        CONTRACT.answer(
                "GetRun",
                (call, _) -> {
                    call.answerHeader("x-run-id", "run_9");
                    return Run.newBuilder().setId("run_9").build();
                });

        HttpResponse<String> answer = SERVER.get("/v1/runs/run_9");

        assertEquals("run_9", answer.headers().firstValue("x-run-id").orElseThrow());
        assertTrue(answer.body().startsWith("{\"id\":\"run_9\",\"state\":\"unspecified\""));
    }

    @Test
    void hidesWhatWentWrongUnexpectedly() {
        CONTRACT.answer(
                "GetSession",
                (_, _) -> {
                    throw new IllegalStateException("secret");
                });

        HttpResponse<String> answer = SERVER.get("/v1/sessions/s");

        assertEquals(500, answer.statusCode());
        assertFalse(answer.body().contains("secret"));
        CONTRACT.answer("GetSession", (_, _) -> Session.getDefaultInstance());
    }

    private static String requestId(HttpResponse<String> answer) {
        return answer.headers().firstValue("x-request-id").orElseThrow();
    }
}
