package dev.tandem.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Message;
import java.util.Map;

/// One way to call the contract's methods, with the answers in one form: the JSON that REST speaks.
interface Wire {
    /// Calls the method that takes this request.
    Answer call(Message request);

    /// The same caller with another key.
    Wire as(String key);

    /// The same caller, who sends one more header.
    Wire with(String header, String value);

    /// What came back.
    ///
    /// @param code empty where the call went well, else the word of the failure
    /// @param param what the failure names; empty where it names nothing
    /// @param message of the failure; empty where there is none
    /// @param json the answer; missing where the call failed
    /// @param headers by name, in lower case
    record Answer(
            String code, String param, String message, JsonNode json, Map<String, String> headers) {

        /// The answer of a call that must go well.
        JsonNode ok() {
            if (!code.isEmpty()) {
                throw new AssertionError("failed with " + failure());
            }
            return json;
        }

        /// The failure as `code`, or `code at param`.
        String failure() {
            if (code.isEmpty()) {
                throw new AssertionError("no failure, but " + json);
            }
            return param.isEmpty() ? code : code + " at " + param;
        }
    }
}
