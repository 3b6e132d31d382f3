package dev.tandem.edge.grpc;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import dev.tandem.failure.Failure;
import dev.tandem.failure.Violation;
import dev.tandem.rpc.FailureStatus;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.time.Duration;
import java.util.List;

/// Failures as gRPC statuses, with the details of `google.rpc`.
final class Statuses {
    private static final String DOMAIN = "tandem";
    private static final Metadata.Key<com.google.rpc.Status> DETAILS =
            Metadata.Key.of(
                    "grpc-status-details-bin",
                    ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));
    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private Statuses() {}

    /// The status of a failure; its details, and the request id, go into `trailers`.
    static Status of(Failure failure, String requestId, Metadata trailers) {
        FailureStatus row = FailureStatus.of(failure.code());
        trailers.put(DETAILS, details(failure, row, requestId));
        trailers.put(Headers.REQUEST_ID, requestId);
        failure.retryAfter()
                .ifPresent(wait -> trailers.put(PUSHBACK, Long.toString(wait.toMillis())));
        return Status.fromCodeValue(row.grpc().getNumber()).withDescription(failure.text());
    }

    private static com.google.rpc.Status details(
            Failure failure, FailureStatus row, String requestId) {
        com.google.rpc.Status.Builder details =
                com.google.rpc.Status.newBuilder()
                        .setCode(row.grpc().getNumber())
                        .setMessage(failure.text())
                        .addDetails(Any.pack(info(failure)))
                        .addDetails(
                                Any.pack(RequestInfo.newBuilder().setRequestId(requestId).build()));
        if (!failure.violations().isEmpty()) {
            details.addDetails(Any.pack(badRequest(failure.violations())));
        }
        failure.retryAfter()
                .map(Statuses::retry)
                .ifPresent(retry -> details.addDetails(Any.pack(retry)));
        return details.build();
    }

    private static ErrorInfo info(Failure failure) {
        ErrorInfo.Builder info =
                ErrorInfo.newBuilder().setReason(failure.code().word()).setDomain(DOMAIN);
        failure.param().ifPresent(field -> info.putMetadata("param", field));
        failure.runId().ifPresent(run -> info.putMetadata("run_id", run));
        return info.build();
    }

    private static BadRequest badRequest(List<Violation> violations) {
        BadRequest.Builder request = BadRequest.newBuilder();
        for (Violation violation : violations) {
            request.addFieldViolationsBuilder()
                    .setField(violation.field())
                    .setDescription(violation.text());
        }
        return request.build();
    }

    private static RetryInfo retry(Duration wait) {
        return RetryInfo.newBuilder()
                .setRetryDelay(
                        com.google.protobuf.Duration.newBuilder()
                                .setSeconds(wait.toSeconds())
                                .setNanos(wait.toNanosPart()))
                .build();
    }
}
