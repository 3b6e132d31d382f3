package dev.tandem.rpc;

import com.google.rpc.Code;
import dev.tandem.failure.FailureCode;

/// The one table of failures: what each code is on the wires.
///
/// @param grpc the status of a gRPC call
/// @param http the status of an HTTP answer
/// @param type OpenAI's word for the kind of error
public record FailureStatus(Code grpc, int http, String type) {
    private static final String INVALID = "invalid_request_error";
    private static final String LIMIT = "rate_limit_error";
    private static final String SERVER = "server_error";

    public static FailureStatus of(FailureCode code) {
        return switch (code) {
            case INVALID_REQUEST -> status(Code.INVALID_ARGUMENT, 400, INVALID);
            case UNAUTHORIZED -> status(Code.UNAUTHENTICATED, 401, "authentication_error");
            case FORBIDDEN -> status(Code.PERMISSION_DENIED, 403, "permission_error");
            case NOT_FOUND -> status(Code.NOT_FOUND, 404, INVALID);
            case METHOD_NOT_ALLOWED -> status(Code.UNIMPLEMENTED, 405, INVALID);
            case UNSUPPORTED_MEDIA_TYPE -> status(Code.INVALID_ARGUMENT, 415, INVALID);
            case RUN_IN_PROGRESS, CONFLICT, IDEMPOTENCY_CONFLICT ->
                    status(Code.ABORTED, 409, INVALID);
            case ALREADY_EXISTS -> status(Code.ALREADY_EXISTS, 409, INVALID);
            case REQUEST_TOO_LARGE -> status(Code.RESOURCE_EXHAUSTED, 413, INVALID);
            case RATE_LIMITED, QUOTA_EXCEEDED, BUDGET_EXCEEDED ->
                    status(Code.RESOURCE_EXHAUSTED, 429, LIMIT);
            case CANCELLED -> status(Code.CANCELLED, 499, INVALID);
            case INTERNAL -> status(Code.INTERNAL, 500, SERVER);
            case UPSTREAM_ERROR -> status(Code.UNAVAILABLE, 502, SERVER);
            case UPSTREAM_UNAVAILABLE, OVERLOADED, SHUTTING_DOWN, INTERRUPTED ->
                    status(Code.UNAVAILABLE, 503, SERVER);
            case UPSTREAM_TIMEOUT -> status(Code.DEADLINE_EXCEEDED, 504, SERVER);
        };
    }

    private static FailureStatus status(Code grpc, int http, String type) {
        return new FailureStatus(grpc, http, type);
    }
}
