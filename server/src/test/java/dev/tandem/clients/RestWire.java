package dev.tandem.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.tandem.failure.FailureCode;
import dev.tandem.launch.RunningServer;
import dev.tandem.rpc.FailureStatus;
import dev.tandem.v1.ChatCompletionRequest;
import dev.tandem.v1.GetModelRequest;
import dev.tandem.v1.ListModelsRequest;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The contract's methods over REST: where and how is read from their `google.api.http` options.
final class RestWire implements Wire {
    private final RunningServer server;
    private final Map<String, String> headers;

    RestWire(RunningServer server, Map<String, String> headers) {
        this.server = server;
        this.headers = Map.copyOf(headers);
    }

    @Override
    public Wire as(String key) {
        return with("authorization", "Bearer " + key);
    }

    @Override
    public Wire with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new RestWire(server, more);
    }

    @Override
    public Answer call(Message request) {
        return switch (request) {
            case ChatCompletionRequest chat ->
                    send("POST", "/v1/chat/completions", body(chat).toString());
            case ListModelsRequest _ -> send("GET", "/v1/models", "");
            case GetModelRequest model -> send("GET", "/v1/models/" + model.getModelId(), "");
            default -> bound(request);
        };
    }

    private Answer bound(Message request) {
        MethodDescriptor method = ContractMethods.taking(request.getDescriptorForType());
        HttpRule rule = method.getOptions().getExtension(AnnotationsProto.http);
        return switch (rule.getPatternCase()) {
            case GET -> send("GET", path(rule.getGet(), request, true), "");
            case DELETE -> send("DELETE", path(rule.getDelete(), request, true), "");
            case POST ->
                    send(
                            "POST",
                            path(rule.getPost(), request, rule.getBody().isEmpty()),
                            rule.getBody().isEmpty() ? "" : body(rule.getPost(), request));
            case PATCH ->
                    send(
                            "PATCH",
                            path(rule.getPatch(), request, false),
                            body(rule.getPatch(), request));
            default -> throw new AssertionError(method.getFullName() + " is not bound");
        };
    }

    private static String path(String template, Message request, boolean withQuery) {
        String path = template;
        List<String> query = new ArrayList<>();
        for (Map.Entry<FieldDescriptor, Object> field : request.getAllFields().entrySet()) {
            String name = field.getKey().getName();
            String value = URLEncoder.encode(text(field.getValue()), StandardCharsets.UTF_8);
            if (template.contains("{" + name + "}")) {
                path = path.replace("{" + name + "}", value);
            } else {
                query.add(name + "=" + value);
            }
        }
        return withQuery && !query.isEmpty() ? path + "?" + String.join("&", query) : path;
    }

    private static String text(Object value) {
        return value instanceof Timestamp time
                ? Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString()
                : value.toString();
    }

    /// Every field that the path does not have. In changes, an empty text is sent as null: both
    /// clear a field.
    private static String body(String template, Message request) {
        boolean change = request.getDescriptorForType().getName().startsWith("Update");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        request.getAllFields()
                .forEach(
                        (field, value) -> {
                            if (template.contains("{" + field.getName() + "}")) {
                                return;
                            }
                            String name = RestJson.name(field);
                            if (change && value.equals("")) {
                                body.putNull(name);
                            } else {
                                RestJson.put(field, value, body);
                            }
                        });
        return body.toString();
    }

    /// A question in OpenAI's words.
    private static ObjectNode body(ChatCompletionRequest chat) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        RestJson.of(chat)
                .properties()
                .forEach(
                        entry -> {
                            if (!entry.getValue().isEmpty() || entry.getValue().isValueNode()) {
                                body.set(entry.getKey(), entry.getValue());
                            }
                        });
        chat.getExtraParametersJsonMap()
                .forEach((name, json) -> body.set(name, RestJson.read(json)));
        body.remove("extra_parameters");
        return body;
    }

    private Answer send(String method, String path, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri(path))
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("content-type", "application/json");
        }
        headers.forEach(request::header);
        HttpResponse<String> answer = server.send(request);
        Map<String, String> told = new HashMap<>();
        answer.headers().map().forEach((name, values) -> told.put(name, values.getFirst()));
        JsonNode json = RestJson.read(answer.body());
        return answer.statusCode() == 200
                ? new Answer("", "", "", json, told)
                : failure(answer.statusCode(), json.path("error"), told);
    }

    /// Every failure must have all the fields that the contract promises, and they must agree.
    private static Answer failure(int status, JsonNode error, Map<String, String> headers) {
        for (String field : List.of("message", "type", "param", "code", "status", "request_id")) {
            if (!error.has(field)) {
                throw new AssertionError("an error without " + field + ": " + error);
            }
        }
        String code = error.path("code").asText();
        FailureStatus expected = expected(code);
        if (status != expected.http()
                || error.path("status").asInt() != status
                || !error.path("type").asText().equals(expected.type())
                || !error.path("request_id").asText().equals(headers.get("x-request-id"))) {
            throw new AssertionError("status " + status + " and error disagree: " + error);
        }
        return new Answer(
                code,
                error.path("param").isNull() ? "" : error.path("param").asText(),
                error.path("message").asText(),
                MissingNode.getInstance(),
                headers);
    }

    private static FailureStatus expected(String word) {
        for (FailureCode code : FailureCode.values()) {
            if (code.word().equals(word)) {
                return FailureStatus.of(code);
            }
        }
        throw new AssertionError("no code of the contract: '" + word + "'");
    }
}
