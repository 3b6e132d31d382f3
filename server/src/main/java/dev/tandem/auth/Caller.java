package dev.tandem.auth;

/// Somebody who may call.
///
/// @param tenant whose things they see
/// @param keyName the name of the key that they used, `anonymous` on a server without keys
public record Caller(String tenant, String keyName) {
    public static final Caller ANONYMOUS = new Caller("default", "anonymous");
}
