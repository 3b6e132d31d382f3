package dev.tandem.edge.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.FailureCode;
import dev.tandem.rpc.FailureStatus;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What requests are refused with: one response for each status of the table of failures.
final class ErrorResponses {
    private static final Set<Integer> MAY_SAY_WHEN = Set.of(429, 503);

    private final Map<String, ObjectNode> components = new TreeMap<>();

    /// The responses that [#add] has asked for, by name.
    Map<String, ObjectNode> components() {
        return components;
    }

    /// Adds a response, unless the operation has one of its own for this status.
    void add(int status, ObjectNode responses) {
        String name = "Error" + status;
        if (!responses.has(Integer.toString(status))) {
            components.computeIfAbsent(name, _ -> response(status));
            responses
                    .putObject(Integer.toString(status))
                    .put("$ref", "#/components/responses/" + name);
        }
    }

    private static ObjectNode response(int status) {
        ObjectNode response = JsonNodeFactory.instance.objectNode();
        response.put("description", "Refused; the code is " + codes(status) + ".");
        ObjectNode headers = response.putObject("headers");
        headers.putObject("x-request-id").put("$ref", "#/components/headers/RequestId");
        if (MAY_SAY_WHEN.contains(status)) {
            headers.putObject("Retry-After").put("$ref", "#/components/headers/RetryAfter");
        }
        response.putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/Error");
        return response;
    }

    private static String codes(int status) {
        return Arrays.stream(FailureCode.values())
                .filter(code -> FailureStatus.of(code).http() == status)
                .map(code -> "`" + code.word() + "`")
                .collect(Collectors.joining(" or "));
    }
}
