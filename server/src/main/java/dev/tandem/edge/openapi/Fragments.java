package dev.tandem.edge.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.tandem.edge.json.FieldShape;
import dev.tandem.edge.json.MessageShape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Parts of the document that are written by hand, because their shape is not the contract's.
/// Marks in them stand for what the contract says all the same:
///
/// - `"x-field": "Usage.input_tokens"`: the schema of that field; keys beside the mark win
/// - `"x-message": "Session"`: the schema of that message
/// - `"x-method": "ModelService.GetModel"`: the summary and description of that method
/// - `"x-errors": [404]`: responses of failures with these statuses
final class Fragments {
    private static final String FOLDER = "/openapi/";
    private static final JsonMapper JSON = new JsonMapper();

    private final Collection<FileDescriptor> files;
    private final MessageSchemas schemas;
    private final MethodOperations methods;
    private final ErrorResponses errors;

    Fragments(
            Collection<FileDescriptor> files,
            MessageSchemas schemas,
            MethodOperations methods,
            ErrorResponses errors) {
        this.files = files;
        this.schemas = schemas;
        this.methods = methods;
        this.errors = errors;
    }

    /// Reads a fragment, and puts in what its marks stand for.
    ObjectNode read(String name) {
        try (InputStream resource = Fragments.class.getResourceAsStream(FOLDER + name)) {
            if (resource == null) {
                throw new IllegalStateException("the build lacks " + FOLDER + name);
            }
            ObjectNode fragment = (ObjectNode) JSON.readTree(resource);
            expand(fragment);
            return fragment;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void expand(JsonNode node) {
        if (node instanceof ObjectNode object) {
            field(object);
            message(object);
            method(object);
            errors(object);
        }
        if (node instanceof ObjectNode || node instanceof ArrayNode) {
            node.forEach(this::expand);
        }
    }

    private void field(ObjectNode object) {
        taken(object, "x-field")
                .ifPresent(
                        name -> {
                            FieldShape shape = fieldNamed(name.asText());
                            ObjectNode own = object.deepCopy();
                            object.removeAll();
                            object.setAll(
                                    own.get("items") instanceof ObjectNode elements
                                            ? schemas.list(shape, elements)
                                            : schemas.field(shape));
                            object.setAll(own);
                        });
    }

    private void message(ObjectNode object) {
        taken(object, "x-message")
                .ifPresent(name -> object.setAll(schemas.answer(messageNamed(name.asText()))));
    }

    private void method(ObjectNode object) {
        taken(object, "x-method")
                .ifPresent(name -> methods.describe(methodNamed(name.asText()), object));
    }

    private void errors(ObjectNode object) {
        taken(object, "x-errors")
                .ifPresent(
                        statuses ->
                                statuses.forEach(
                                        status ->
                                                errors.add(
                                                        status.asInt(),
                                                        object.withObjectProperty("responses"))));
    }

    private static Optional<JsonNode> taken(ObjectNode object, String mark) {
        return Optional.ofNullable(object.remove(mark));
    }

    private FieldShape fieldNamed(String name) {
        List<String> parts = List.of(name.split("\\.", 2));
        return MessageShape.of(messageNamed(parts.getFirst())).inOrder().stream()
                .filter(shape -> shape.field().getName().equals(parts.getLast()))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    private Descriptor messageNamed(String name) {
        return files.stream()
                .flatMap(file -> file.getMessageTypes().stream())
                .filter(type -> type.getFullName().equals("tandem.v1." + name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    private MethodDescriptor methodNamed(String name) {
        return files.stream()
                .flatMap(file -> file.getServices().stream())
                .flatMap(service -> service.getMethods().stream())
                .filter(method -> method.getFullName().equals("tandem.v1." + name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    private static IllegalStateException unknown(String name) {
        return new IllegalStateException("the contract has no " + name);
    }
}
