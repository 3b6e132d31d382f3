package dev.tandem.approval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.approval.Approval.Remember;
import dev.tandem.approval.Approval.Request;
import dev.tandem.failure.Failure;

/// Whether an answer fits its question.
final class Answers {
    private static final int CONTENT_CHARS_MAX = 65_536;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Answers() {}

    /// @throws Failure INVALID_REQUEST naming the field at fault
    static void check(Approval approval, Answer answer) {
        boolean call = approval.request() instanceof Request.Call;
        if (answer.remember() != Remember.ONCE && !call) {
            throw Failure.invalid(
                    "remember", "remember must be once, for only calls of tools are remembered.");
        }
        if (answer.remember() == Remember.SESSION && approval.sessionId().isEmpty()) {
            throw Failure.invalid(
                    "remember", "remember must be once, for the call belongs to no session.");
        }
        if (answer.remember() == Remember.PROJECT && approval.projectId().isEmpty()) {
            throw Failure.invalid(
                    "remember",
                    "remember must be once or session, for the call belongs to no project.");
        }
        checkContent(approval.request() instanceof Request.Form, answer);
    }

    private static void checkContent(boolean form, Answer answer) {
        if (form && answer.allow()) {
            String content =
                    answer.contentJson()
                            .orElseThrow(
                                    () ->
                                            Failure.invalid(
                                                    "content_json",
                                                    "content_json is missing; send what was filled"
                                                            + " in, as a JSON object."));
            if (content.length() > CONTENT_CHARS_MAX || !isObject(content)) {
                throw Failure.invalid(
                        "content_json",
                        "content_json must be a JSON object of at most "
                                + CONTENT_CHARS_MAX
                                + " characters.");
            }
        } else if (answer.contentJson().isPresent()) {
            throw Failure.invalid(
                    "content_json", "content_json must be left out: only a form is filled in.");
        }
    }

    private static boolean isObject(String json) {
        try {
            JsonNode value = JSON.readTree(json);
            return value != null && value.isObject();
        } catch (JsonProcessingException notJson) {
            return false;
        }
    }
}
