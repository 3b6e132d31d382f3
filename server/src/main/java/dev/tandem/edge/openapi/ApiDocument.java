package dev.tandem.edge.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.tandem.rpc.DescribedFiles;
import dev.tandem.rpc.RpcMethod;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Makes the OpenAPI document of the server: OpenAI's paths, the methods of the contract, what
/// operators ask.
final class ApiDocument {
    private final List<RpcMethod<?, ?>> methods;
    private final Comments comments;
    private final MessageSchemas schemas;
    private final ErrorResponses errors = new ErrorResponses();
    private final MethodOperations operations;
    private final Fragments fragments;

    private ApiDocument(List<RpcMethod<?, ?>> methods, DescribedFiles files) {
        this.methods = methods;
        this.comments = new Comments(files.files());
        this.schemas = new MessageSchemas(comments);
        this.operations = new MethodOperations(comments, schemas, errors);
        this.fragments = new Fragments(files.files(), schemas, operations, errors);
    }

    /// @param methods all methods of the contract that are served
    /// @param version of the server
    static JsonNode of(List<RpcMethod<?, ?>> methods, DescribedFiles files, String version) {
        return new ApiDocument(methods, files).make(version);
    }

    private JsonNode make(String version) {
        ObjectNode document = fragments.read("server.json");
        document.withObjectProperty("info").put("version", version);
        tags(document.withArrayProperty("tags"));
        add(fragments.read("openai.json"), document);
        methods.forEach(method -> operations.add(method, document.withObjectProperty("paths")));
        add(fragments.read("socket.json"), document);
        add(fragments.read("mcp.json"), document);
        add(fragments.read("operations.json"), document);
        ObjectNode components = document.withObjectProperty("components");
        add(schemas.components(), components.withObjectProperty("schemas"));
        add(errors.components(), components.withObjectProperty("responses"));
        return document;
    }

    private void tags(ArrayNode tags) {
        Set<ServiceDescriptor> services = new LinkedHashSet<>();
        methods.forEach(method -> services.add(method.descriptor().getService()));
        for (ServiceDescriptor service : services) {
            tags.addObject()
                    .put("name", MethodOperations.tag(service))
                    .put("description", Wording.rest(comments.of(service)));
        }
    }

    private static void add(Map<String, ObjectNode> components, ObjectNode into) {
        components.forEach(
                (name, component) -> {
                    if (into.putIfAbsent(name, component) != null) {
                        throw new IllegalStateException("two components are called " + name);
                    }
                });
    }

    /// Adds a fragment: objects and lists are joined, nothing is replaced.
    private static void add(ObjectNode fragment, ObjectNode into) {
        for (Map.Entry<String, JsonNode> entry : fragment.properties()) {
            JsonNode there = into.get(entry.getKey());
            if (there == null) {
                into.set(entry.getKey(), entry.getValue());
            } else if (there instanceof ObjectNode object) {
                add((ObjectNode) entry.getValue(), object);
            } else if (there instanceof ArrayNode array) {
                entry.getValue().forEach(array::add);
            } else {
                throw new IllegalStateException("the document has two " + entry.getKey());
            }
        }
    }
}
