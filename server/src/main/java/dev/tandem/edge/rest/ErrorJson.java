package dev.tandem.edge.rest;

import dev.tandem.edge.json.JsonOut;
import dev.tandem.failure.Failure;
import dev.tandem.rpc.FailureStatus;
import java.util.Optional;

/// The envelope of every failure: OpenAI's four fields, the status and the request's id; where a
/// run stands in the way, its id too.
public final class ErrorJson {
    private ErrorJson() {}

    public static void write(Failure failure, String requestId, JsonOut out) {
        write(failure, FailureStatus.of(failure.code()).http(), requestId, out);
    }

    /// The envelope of an answer with a status of its own.
    ///
    /// @param http the status of the answer, where it says more than the one of the failure's code
    public static void write(Failure failure, int http, String requestId, JsonOut out) {
        out.beginObject().name("error");
        object(failure, http, requestId, out);
        out.endObject();
    }

    /// What is inside of the envelope, for a message that has an envelope of its own.
    public static void object(Failure failure, String requestId, JsonOut out) {
        object(failure, FailureStatus.of(failure.code()).http(), requestId, out);
    }

    private static void object(Failure failure, int http, String requestId, JsonOut out) {
        FailureStatus status = FailureStatus.of(failure.code());
        out.beginObject();
        out.name("message").value(failure.text());
        out.name("type").value(status.type());
        orNull("param", failure.param(), out);
        out.name("code").value(failure.code().word());
        out.name("status").value(http);
        out.name("request_id").value(requestId);
        failure.runId().ifPresent(run -> out.name("run_id").value(run));
        out.endObject();
    }

    private static void orNull(String name, Optional<String> text, JsonOut out) {
        out.name(name);
        if (text.isPresent()) {
            out.value(text.get());
        } else {
            out.nothing();
        }
    }
}
