package dev.tandem.failure;

import java.io.Serial;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A request that cannot be served: a code for programs, a message for people, and where they are
/// known the field at fault, the run in the way and the time after which a retry makes sense.
///
/// The message says what was wrong and what to do, with the value; it reaches the client as it is,
/// so it never holds a secret or the text of an unexpected exception.
public final class Failure extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final FailureCode code;
    private final @Nullable String param;
    private final @Nullable String runId;
    private final @Nullable Duration retryAfter;
    private final @Nullable Boolean retryable;
    private final transient List<Violation> violations;

    private Failure(
            FailureCode code,
            String message,
            @Nullable String param,
            @Nullable String runId,
            @Nullable Duration retryAfter,
            @Nullable Boolean retryable,
            @Nullable Throwable cause) {
        this(code, message, param, runId, retryAfter, retryable, cause, List.of());
    }

    private Failure(
            FailureCode code,
            String message,
            @Nullable String param,
            @Nullable String runId,
            @Nullable Duration retryAfter,
            @Nullable Boolean retryable,
            @Nullable Throwable cause,
            List<Violation> violations) {
        super(message, cause);
        this.code = code;
        this.param = param;
        this.runId = runId;
        this.retryAfter = retryAfter;
        this.retryable = retryable;
        this.violations = List.copyOf(violations);
    }

    public Failure(FailureCode code, String message) {
        this(code, message, null, null, null, null, null);
    }

    public Failure(FailureCode code, String message, Throwable cause) {
        this(code, message, null, null, null, null, cause);
    }

    /// A request whose field `param` is wrong.
    public static Failure invalid(String param, String message) {
        return new Failure(FailureCode.INVALID_REQUEST, message, param, null, null, null, null);
    }

    /// A request with several fields that are wrong, one at least.
    public static Failure invalid(List<Violation> violations) {
        String text = violations.stream().map(Violation::text).collect(Collectors.joining(" "));
        String param = violations.getFirst().field();
        return new Failure(
                FailureCode.INVALID_REQUEST, text, param, null, null, null, null, violations);
    }

    /// A thing that is not there, or is somebody else's, which is told the same way.
    public static Failure notFound(String param, String message) {
        return new Failure(FailureCode.NOT_FOUND, message, param, null, null, null, null);
    }

    /// The same failure, naming the field at fault; a text that begins with its name so far begins
    /// with this one.
    public Failure at(String field) {
        String old = param + " ";
        String text = text().startsWith(old) ? field + text().substring(old.length() - 1) : text();
        return new Failure(code, text, field, runId, retryAfter, retryable, this);
    }

    /// The same failure, naming the run that stands in the way.
    public Failure withRun(String run) {
        return new Failure(code, text(), param, run, retryAfter, retryable, this);
    }

    /// The same failure, with the time after which a retry makes sense.
    public Failure retryAfter(Duration wait) {
        return new Failure(code, text(), param, runId, wait, retryable, this);
    }

    /// The same failure, saying outright whether a client's own retry makes sense.
    public Failure retryable(boolean worthIt) {
        return new Failure(code, text(), param, runId, retryAfter, worthIt, this);
    }

    public FailureCode code() {
        return code;
    }

    /// What was wrong and what to do.
    public String text() {
        String message = getMessage();
        return message == null ? code.word() : message;
    }

    /// The field or parameter at fault.
    public Optional<String> param() {
        return Optional.ofNullable(param);
    }

    /// What is wrong with each field at fault.
    public List<Violation> violations() {
        return violations.isEmpty()
                ? param().map(field -> List.of(new Violation(field, text()))).orElse(List.of())
                : violations;
    }

    /// The run that stands in the way.
    public Optional<String> runId() {
        return Optional.ofNullable(runId);
    }

    /// How long to wait before the same request may succeed.
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /// Whether a client's own retry makes sense; empty where the code says it.
    public Optional<Boolean> retryable() {
        return Optional.ofNullable(retryable);
    }
}
