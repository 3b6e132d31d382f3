package dev.tandem.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.hub.ServerDeclaration.Program;
import dev.tandem.hub.ServerDeclaration.Remote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Declarations in Claude Code's format: what stands below a name of `mcpServers`. What is not
/// known there is passed over.
public final class DeclarationJson {
    static final ObjectMapper JSON = new ObjectMapper();

    private DeclarationJson() {}

    /// Writes a declaration with its secrets, always the same way.
    public static String write(ServerDeclaration declaration) {
        try {
            return JSON.writeValueAsString(node(declaration));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static ObjectNode node(ServerDeclaration declaration) {
        ObjectNode json = JSON.createObjectNode();
        switch (declaration) {
            case Program program -> {
                json.put("type", "stdio").put("command", program.command());
                program.arguments().forEach(json.putArray("args")::add);
                texts(json.putObject("env"), program.environment());
                program.folder().ifPresent(folder -> json.put("cwd", folder));
            }
            case Remote remote -> {
                json.put("type", remote.sse() ? "sse" : "http").put("url", remote.url());
                texts(json.putObject("headers"), remote.headers());
                if (!remote.oauth().isNone()) {
                    OAuthTermsJson.write(remote.oauth(), json.putObject("oauth"));
                }
            }
        }
        return json;
    }

    private static void texts(ObjectNode json, Map<String, String> texts) {
        new TreeMap<>(texts).forEach(json::put);
    }

    /// Reads what [#write] wrote.
    public static ServerDeclaration read(String json) {
        try {
            return read(JSON.readTree(json));
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("a stored declaration is no JSON", broken);
        }
    }

    /// @throws IllegalArgumentException saying what is wrong, without values
    static ServerDeclaration read(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("it must be an object with a command or a url");
        }
        boolean program = json.hasNonNull("command");
        String type = json.path("type").asText(program ? "stdio" : "http");
        return switch (type) {
            case "stdio" ->
                    new Program(
                            text(json, "command").orElse(""),
                            list(json.path("args")),
                            map(json, "env"),
                            text(json, "cwd"));
            case "http", "streamable-http", "streamableHttp" -> remote(json, false);
            case "sse" -> remote(json, true);
            default ->
                    throw new IllegalArgumentException(
                            "type must be stdio, http, streamable-http or sse, was " + type);
        };
    }

    private static Remote remote(JsonNode json, boolean sse) {
        return new Remote(
                text(json, "url").orElse(""),
                sse,
                map(json, "headers"),
                OAuthTermsJson.read(json.path("oauth")));
    }

    static Optional<String> text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + " must be a text");
        }
        return Optional.of(value.asText());
    }

    private static List<String> list(JsonNode json) {
        List<String> list = new ArrayList<>();
        if (!json.isArray() && !json.isMissingNode() && !json.isNull()) {
            throw new IllegalArgumentException("args must be a list of texts");
        }
        for (JsonNode element : json) {
            if (!element.isValueNode()) {
                throw new IllegalArgumentException("args must be a list of texts");
            }
            list.add(element.asText());
        }
        return list;
    }

    private static Map<String, String> map(JsonNode json, String field) {
        JsonNode object = json.path(field);
        if (!object.isObject() && !object.isMissingNode() && !object.isNull()) {
            throw new IllegalArgumentException(field + " must be an object of texts");
        }
        Map<String, String> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (!entry.getValue().isValueNode()) {
                throw new IllegalArgumentException(
                        field + "." + entry.getKey() + " must be a text");
            }
            map.put(entry.getKey(), entry.getValue().asText());
        }
        return map;
    }
}
