package dev.tandem.run;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;

/// What makes repeating a request safe.
///
/// @param text the caller's own, unique in its tenant
/// @param requestHash tells whether the same is asked
public record RunKey(String text, String requestHash) {
    /// Makes sure that a request with this key is the same as before.
    ///
    /// @throws Failure IDEMPOTENCY_CONFLICT where the key was used with another request
    public void requireSame(String otherHash) {
        if (!requestHash.equals(otherHash)) {
            throw new Failure(
                            FailureCode.IDEMPOTENCY_CONFLICT,
                            "This idempotency key was used with another request; each request"
                                    + " needs a key of its own.")
                    .at("idempotency_key");
        }
    }
}
