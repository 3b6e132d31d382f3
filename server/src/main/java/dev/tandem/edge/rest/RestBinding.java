package dev.tandem.edge.rest;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Message;
import dev.tandem.edge.json.ProtoJson;
import dev.tandem.edge.json.ProtoJson.Nulls;
import dev.tandem.edge.rest.RouteTable.Route;
import dev.tandem.failure.Failure;
import dev.tandem.rpc.RpcMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A way in to a method of the contract, as its `google.api.http` says it.
///
/// @param takesBody whether the body is the request; else the query is
/// @param nulls what null means in the body
public record RestBinding(RpcMethod<?, ?> method, boolean takesBody, Nulls nulls) {

    /// The routes to a method; none for a method that has no such option.
    public static List<Route<RestBinding>> routes(RpcMethod<?, ?> method) {
        if (!method.descriptor().getOptions().hasExtension(AnnotationsProto.http)) {
            return List.of();
        }
        HttpRule rule = method.descriptor().getOptions().getExtension(AnnotationsProto.http);
        return Stream.concat(Stream.of(rule), rule.getAdditionalBindingsList().stream())
                .map(each -> route(method, each))
                .toList();
    }

    private static Route<RestBinding> route(RpcMethod<?, ?> method, HttpRule rule) {
        if (!rule.getBody().isEmpty() && !rule.getBody().equals("*")) {
            throw new IllegalArgumentException(
                    method.label() + " cannot be served: its body must be * or absent");
        }
        return switch (rule.getPatternCase()) {
            case GET -> route("GET", rule.getGet(), method, rule);
            case PUT -> route("PUT", rule.getPut(), method, rule);
            case POST -> route("POST", rule.getPost(), method, rule);
            case DELETE -> route("DELETE", rule.getDelete(), method, rule);
            case PATCH -> route("PATCH", rule.getPatch(), method, rule);
            case CUSTOM, PATTERN_NOT_SET ->
                    throw new IllegalArgumentException(
                            method.label() + " cannot be served: its path has no known method");
        };
    }

    private static Route<RestBinding> route(
            String verb, String path, RpcMethod<?, ?> method, HttpRule rule) {
        for (String variable : PathTemplate.parse(path).variables()) {
            if (!ProtoJson.textNames(method.emptyRequest()).contains(variable)) {
                throw new IllegalArgumentException(
                        method.label() + " has no field for {" + variable + "} of " + path);
            }
        }
        Nulls nulls = verb.equals("PATCH") ? Nulls.CLEAR : Nulls.ABSENT;
        return new Route<>(verb, path, new RestBinding(method, rule.getBody().equals("*"), nulls));
    }

    /// Builds the request from body, query and path.
    Message.Builder request(HttpCall http, Map<String, String> variables) {
        Message.Builder request = method.emptyRequest().newBuilderForType();
        if (takesBody) {
            byte[] body = http.body();
            if (body.length > 0) {
                ProtoJson.read(body, request, nulls);
            }
        }
        for (QueryString.Parameter parameter : http.query().parameters()) {
            query(parameter, variables, request);
        }
        variables.forEach((name, value) -> path(name, value, request));
        return request;
    }

    private void query(
            QueryString.Parameter parameter,
            Map<String, String> variables,
            Message.Builder request) {
        String name = parameter.name();
        boolean known =
                !takesBody
                        && !variables.containsKey(name)
                        && ProtoJson.readText(name, parameter.value(), request);
        if (!known) {
            throw Failure.invalid(
                    name, name + " is not a known query parameter." + hint(variables));
        }
    }

    private String hint(Map<String, String> variables) {
        if (takesBody) {
            return " Send the fields in the body.";
        }
        List<String> names = new ArrayList<>(ProtoJson.textNames(method.emptyRequest()));
        names.removeAll(variables.keySet());
        return names.isEmpty() ? "" : " Known are: " + String.join(", ", names) + ".";
    }

    /// A body may repeat what the path says, but not contradict it.
    private static void path(String name, String value, Message.Builder request) {
        Message.Builder said = request.getDefaultInstanceForType().newBuilderForType();
        ProtoJson.readText(name, value, said);
        said.getAllFields()
                .forEach(
                        (field, fromPath) -> {
                            Object inBody = request.getField(field);
                            if (!inBody.equals(field.getDefaultValue())
                                    && !inBody.equals(fromPath)) {
                                throw Failure.invalid(
                                        name, name + " differs from the one in the path.");
                            }
                            request.setField(field, fromPath);
                        });
    }
}
