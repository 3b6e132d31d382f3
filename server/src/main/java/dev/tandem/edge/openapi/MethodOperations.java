package dev.tandem.edge.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.tandem.edge.json.FieldShape;
import dev.tandem.edge.json.MessageShape;
import dev.tandem.edge.rest.RestBinding;
import dev.tandem.edge.rest.RouteTable.Route;
import dev.tandem.edge.rest.ServedPath;
import dev.tandem.rpc.RpcMethod;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// Describes the ways in to the methods of the contract.
final class MethodOperations {
    private static final Set<Integer> ALWAYS = Set.of(400, 401, 403, 500, 503);

    private final Comments comments;
    private final MessageSchemas schemas;
    private final ErrorResponses errors;

    MethodOperations(Comments comments, MessageSchemas schemas, ErrorResponses errors) {
        this.comments = comments;
        this.schemas = schemas;
        this.errors = errors;
    }

    /// The heading that a service's methods stand under.
    static String tag(ServiceDescriptor service) {
        return service.getName().replaceFirst("Service$", "");
    }

    /// Adds every way in to a method.
    void add(RpcMethod<?, ?> method, ObjectNode paths) {
        List<Route<RestBinding>> routes = RestBinding.routes(method);
        for (int i = 0; i < routes.size(); i++) {
            ServedPath path = routes.get(i).path();
            ObjectNode operation =
                    paths.withObjectProperty(path.plain())
                            .putObject(path.method().toLowerCase(Locale.ROOT));
            name(method.descriptor(), i, operation);
            describe(method.descriptor(), operation);
            parameters(method.descriptor(), path, routes.get(i).target(), operation);
            responses(method, path, routes.get(i).target(), operation);
        }
    }

    /// The first sentence of a method's comment is the summary.
    void describe(MethodDescriptor method, ObjectNode operation) {
        String text = Wording.rest(comments.of(method));
        operation.put("summary", Wording.summary(text));
        operation.put("description", text);
    }

    private static void name(MethodDescriptor method, int index, ObjectNode operation) {
        String name = method.getName();
        String lower = name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
        operation.put("operationId", index == 0 ? lower : lower + (index + 1));
        operation.putArray("tags").add(tag(method.getService()));
    }

    private void parameters(
            MethodDescriptor method, ServedPath path, RestBinding binding, ObjectNode operation) {
        Descriptor type = method.getInputType();
        List<String> inPath = path.variables();
        ArrayNode parameters = operation.putArray("parameters");
        for (FieldShape field : MessageShape.of(type).inOrder()) {
            if (inPath.contains(field.name())) {
                parameter("path", field, parameters.addObject());
            } else if (!binding.takesBody() && field.fitsIntoText()) {
                parameter("query", field, parameters.addObject());
            }
        }
        if (parameters.isEmpty()) {
            operation.remove("parameters");
        }
        if (binding.takesBody()) {
            operation
                    .putObject("requestBody")
                    .put("required", schemas.needsFields(type, inPath))
                    .putObject("content")
                    .putObject("application/json")
                    .set("schema", schemas.request(type, inPath, binding.nulls()));
        }
    }

    private void parameter(String where, FieldShape field, ObjectNode parameter) {
        ObjectNode schema = schemas.field(field);
        parameter.put("name", field.name()).put("in", where);
        if (where.equals("path")) {
            parameter.put("required", true);
        }
        if (schema.has("description")) {
            parameter.set("description", schema.remove("description"));
        }
        parameter.set("schema", schema);
    }

    private void responses(
            RpcMethod<?, ?> method, ServedPath path, RestBinding binding, ObjectNode operation) {
        MethodDescriptor descriptor = method.descriptor();
        ObjectNode responses = operation.putObject("responses");
        ObjectNode well = responses.putObject("200");
        String text = Wording.rest(comments.of(descriptor.getOutputType()));
        well.put("description", Wording.summary(text));
        well.putObject("headers")
                .putObject("x-request-id")
                .put("$ref", "#/components/headers/RequestId");
        well.putObject("content")
                .putObject(contentType(method))
                .set("schema", schemas.answer(descriptor.getOutputType()));
        for (int status : statuses(descriptor, path, binding)) {
            errors.add(status, responses);
        }
    }

    /// A stream of answers is a stream of events, each with an answer as its data.
    private static String contentType(RpcMethod<?, ?> method) {
        return switch (method) {
            case RpcMethod.Unary<?, ?> _ -> "application/json";
            case RpcMethod.Streaming<?, ?> _ -> "text/event-stream";
        };
    }

    /// Besides those of every method, the ones that the comments name.
    private Set<Integer> statuses(MethodDescriptor method, ServedPath path, RestBinding binding) {
        Set<Integer> statuses = new TreeSet<>(ALWAYS);
        if (binding.takesBody()) {
            statuses.addAll(Set.of(413, 415));
        }
        if (!path.variables().isEmpty()) {
            statuses.add(404);
        }
        statuses.addAll(Wording.statusesIn(comments.of(method)));
        return statuses;
    }
}
