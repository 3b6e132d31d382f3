package dev.tandem.failure;

import java.util.Locale;

/// What went wrong, in a word that clients can act on. The statuses of the wires are chosen from
/// these in one place, the table of the rpc pipeline.
public enum FailureCode {
    INVALID_REQUEST(FailureKind.CALLER),
    UNAUTHORIZED(FailureKind.CALLER),
    FORBIDDEN(FailureKind.CALLER),
    NOT_FOUND(FailureKind.CALLER),
    METHOD_NOT_ALLOWED(FailureKind.CALLER),
    UNSUPPORTED_MEDIA_TYPE(FailureKind.CALLER),
    RUN_IN_PROGRESS(FailureKind.CALLER),
    CONFLICT(FailureKind.CALLER),
    IDEMPOTENCY_CONFLICT(FailureKind.CALLER),
    ALREADY_EXISTS(FailureKind.CALLER),
    REQUEST_TOO_LARGE(FailureKind.CALLER),
    CANCELLED(FailureKind.CALLER),
    RATE_LIMITED(FailureKind.CAPACITY),
    QUOTA_EXCEEDED(FailureKind.CAPACITY),
    BUDGET_EXCEEDED(FailureKind.CAPACITY),
    OVERLOADED(FailureKind.CAPACITY),
    SHUTTING_DOWN(FailureKind.CAPACITY),
    INTERRUPTED(FailureKind.CAPACITY),
    UPSTREAM_ERROR(FailureKind.UPSTREAM),
    UPSTREAM_UNAVAILABLE(FailureKind.UPSTREAM),
    UPSTREAM_TIMEOUT(FailureKind.UPSTREAM),
    INTERNAL(FailureKind.OURS);

    private final FailureKind kind;
    private final String word = name().toLowerCase(Locale.ROOT);

    FailureCode(FailureKind kind) {
        this.kind = kind;
    }

    /// The code of a word that was stored; INTERNAL for a word that is none, or no longer.
    public static FailureCode of(String word) {
        for (FailureCode code : values()) {
            if (code.word.equals(word)) {
                return code;
            }
        }
        return INTERNAL;
    }

    /// Who can act on it.
    public FailureKind kind() {
        return kind;
    }

    /// The word that clients read, such as `not_found`.
    public String word() {
        return word;
    }
}
