package dev.tandem.edge.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.rpc.RpcMethod.StreamingHandler;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.testing.EdgeServer;
import dev.tandem.testing.FakeContract;
import dev.tandem.v1.GetChatStatusRequest;
import dev.tandem.v1.RunEvent;
import dev.tandem.v1.TextDelta;
import dev.tandem.v1.ToolUse;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A method with a stream of answers, at a path: `GetRun`, as if it had one.
final class StreamingRestTest {
    @Test
    void writesAnswersAsEvents() {
        HttpResponse<String> answer =
                ask(
                        (_, request, sink) -> {
                            sink.send(text(request.getId()));
                            sink.flush();
                            sink.send(toolUse("{\n\"a\": 1}"));
                        });

        assertEquals(200, answer.statusCode());
        assertEquals(
                "data: {\"run_id\":\"r\",\"text\":{\"text\":\"run 1\"}}\n\n"
                        + "data: {\"run_id\":\"r\",\"tool_use\":{\"id\":\"\",\"name\":\"\","
                        + "\"input\":{ \"a\": 1}}}\n\n",
                answer.body());
        assertEquals("text/event-stream; charset=utf-8", header(answer, "Content-Type"));
        assertEquals("no-cache", header(answer, "Cache-Control"));
        assertEquals("no", header(answer, "X-Accel-Buffering"));
        assertTrue(header(answer, "x-request-id").startsWith("req_"));
    }

    @Test
    void answersAFailureBeforeTheFirstEventWithAStatus() {
        HttpResponse<String> answer =
                ask(
                        (_, _, _) -> {
                            throw Failure.notFound("run_id", "No such run.");
                        });

        assertEquals(404, answer.statusCode());
        assertTrue(answer.body().contains("\"param\":\"run_id\""), answer.body());
    }

    @Test
    void endsWithAFailureThatComesLater() {
        HttpResponse<String> answer =
                ask(
                        (_, _, sink) -> {
                            sink.send(text("x"));
                            sink.flush();
                            throw new Failure(FailureCode.SHUTTING_DOWN, "Come back.");
                        });

        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().contains("\n\ndata: {\"error\":{\"message\":\"Come back.\""));
        assertTrue(answer.body().endsWith("}}\n\n"), answer.body());
    }

    @Test
    void mayEndWithoutAnEvent() {
        HttpResponse<String> answer = ask((_, _, _) -> {});

        assertEquals(200, answer.statusCode());
        assertEquals("", answer.body());
    }

    @Test
    void hasNoHead() {
        try (EdgeServer server = new EdgeServer(methods((_, _, _) -> {}))) {
            assertEquals(
                    405, server.send("HEAD", "/v1/chat/completions/r/status", "").statusCode());
        }
    }

    private static HttpResponse<String> ask(
            StreamingHandler<GetChatStatusRequest, RunEvent> handler) {
        try (EdgeServer server = new EdgeServer(methods(handler))) {
            return server.get("/v1/chat/completions/run%201/status");
        }
    }

    private static List<RpcMethod<?, ?>> methods(
            StreamingHandler<GetChatStatusRequest, RunEvent> handler) {
        List<RpcMethod<?, ?>> methods = new ArrayList<>(new FakeContract().methods());
        methods.replaceAll(
                method ->
                        method.label().equals("ChatService/GetChatStatus")
                                ? new RpcMethod.Streaming<>(
                                        method.descriptor(),
                                        GetChatStatusRequest.getDefaultInstance(),
                                        RunEvent.getDefaultInstance(),
                                        handler)
                                : method);
        return methods;
    }

    private static RunEvent text(String text) {
        return RunEvent.newBuilder()
                .setRunId("r")
                .setText(TextDelta.newBuilder().setText(text))
                .build();
    }

    private static RunEvent toolUse(String input) {
        return RunEvent.newBuilder()
                .setRunId("r")
                .setToolUse(ToolUse.newBuilder().setInputJson(input))
                .build();
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
