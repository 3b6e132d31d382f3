package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.edge.mcp.ClientMessage.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// What a client sends with a request that it was asked something for.
///
/// @param answers results by the names of their questions; may be empty
/// @param state as it came with the questions
/// @param fingerprint the same for the same request, with whatever answers
record InputResponses(JsonNode answers, Optional<String> state, String fingerprint) {
    private static final String ANSWERS = "inputResponses";
    private static final String STATE = "requestState";

    /// @throws RpcError INVALID_PARAMS where they are malformed
    static InputResponses read(Request request) {
        ObjectNode params = request.params();
        JsonNode answers = params.has(ANSWERS) ? params.get(ANSWERS) : Json.object();
        if (!answers.isObject()) {
            throw RpcError.invalidParams(ANSWERS + " must be an object.");
        }
        for (JsonNode answer : answers) {
            if (!answer.isObject()) {
                throw RpcError.invalidParams("Each of " + ANSWERS + " must be an object.");
            }
        }
        if (params.has(STATE) && !params.get(STATE).isTextual()) {
            throw RpcError.invalidParams(STATE + " must be a text.");
        }
        ObjectNode rest = params.deepCopy();
        rest.remove(List.of(ANSWERS, STATE, "_meta"));
        return new InputResponses(
                answers, Json.text(params, STATE), hash(request.method() + "\n" + rest));
    }

    private static String hash(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
