package dev.tandem.mcp.http;

import dev.tandem.failure.Failure;
import java.util.Optional;

/// Says who we are to a server. Safe for use by many threads; what it says is secret.
public interface Authorizer {
    /// Adds nothing to what the operator has set.
    Authorizer NONE =
            new Authorizer() {
                @Override
                public Optional<String> header() {
                    return Optional.empty();
                }

                @Override
                public boolean refused(Refusal refusal) {
                    return false;
                }
            };

    /// The value of the header `Authorization`; empty for none. May fetch a new token first.
    ///
    /// @throws Failure where no token can be had
    Optional<String> header() throws InterruptedException;

    /// The server has refused.
    ///
    /// @return whether it pays to try again with a new [#header()]
    /// @throws Failure UNAUTHORIZED saying what to do
    boolean refused(Refusal refusal) throws InterruptedException;

    /// How a server has refused.
    ///
    /// @param status 401, or 403
    /// @param wwwAuthenticate the header `WWW-Authenticate` as it came
    record Refusal(int status, Optional<String> wwwAuthenticate) {}
}
