package dev.tandem.mcp.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds in a tool's schema the arguments that are mirrored in headers: properties with
/// `x-mcp-header`.
final class MirrorSchema {
    private static final String HEADER = "x-mcp-header";
    private static final Set<String> TYPES = Set.of("string", "integer", "boolean");

    /// Values, not schemas.
    private static final Set<String> VALUES =
            Set.of(HEADER, "const", "default", "enum", "examples");

    private final List<Mirror> mirrors = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /// An argument that is mirrored.
    ///
    /// @param header its name, without what stands before it
    /// @param path the properties that lead to it
    record Mirror(String header, List<String> path) {}

    private MirrorSchema() {}

    /// @throws IllegalArgumentException saying what is wrong with the schema
    static List<Mirror> mirrors(JsonNode schema) {
        MirrorSchema found = new MirrorSchema();
        found.walk(schema, List.of(), true);
        return List.copyOf(found.mirrors);
    }

    /// @param reachable whether nothing but properties leads here
    private void walk(JsonNode schema, List<String> path, boolean reachable) {
        if (schema.has(HEADER)) {
            add(schema, path, reachable);
        }
        for (Map.Entry<String, JsonNode> field : schema.properties()) {
            JsonNode child = field.getValue();
            if (field.getKey().equals("properties") && child.isObject()) {
                child.properties()
                        .forEach(
                                property ->
                                        walk(
                                                property.getValue(),
                                                further(path, property.getKey()),
                                                reachable));
            } else if (!VALUES.contains(field.getKey())) {
                walk(child, path, false);
            }
        }
        if (schema.isArray()) {
            schema.forEach(element -> walk(element, path, false));
        }
    }

    private static List<String> further(List<String> path, String property) {
        List<String> further = new ArrayList<>(path);
        further.add(property);
        return List.copyOf(further);
    }

    private void add(JsonNode schema, List<String> path, boolean reachable) {
        String header = schema.path(HEADER).asText();
        if (!reachable || path.isEmpty()) {
            throw new IllegalArgumentException(HEADER + " stands where no argument is sure to be");
        }
        if (!schema.path(HEADER).isTextual() || !HeaderText.isName(header)) {
            throw new IllegalArgumentException(HEADER + " is no name of a header");
        }
        if (!TYPES.contains(schema.path("type").asText())) {
            throw new IllegalArgumentException(
                    HEADER + " " + header + " is neither text, a whole number nor a boolean");
        }
        if (!names.add(HeaderText.lower(header))) {
            throw new IllegalArgumentException(HEADER + " " + header + " stands there twice");
        }
        mirrors.add(new Mirror(header, path));
    }
}
