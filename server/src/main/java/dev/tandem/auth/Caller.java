package dev.tandem.auth;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;

/// Somebody who may call.
///
/// @param tenant whose things they see
/// @param keyName the name of the key that they used, `anonymous` on a server without keys
/// @param admin whether they may do what only the operator may, such as adding a program to run
public record Caller(String tenant, String keyName, boolean admin) {
    public static final Caller ANONYMOUS = new Caller("default", "anonymous");

    /// Somebody who is no admin.
    public Caller(String tenant, String keyName) {
        this(tenant, keyName, false);
    }

    /// Lets only an admin pass.
    ///
    /// @param what what is asked for, as in "adding a server"
    /// @throws Failure FORBIDDEN, with the remedy
    public void requireAdmin(String what) {
        if (!admin) {
            throw new Failure(
                    FailureCode.FORBIDDEN,
                    "Only an admin key may do this: "
                            + what
                            + ". Give a key admin: true in auth.keys, and use that.");
        }
    }
}
