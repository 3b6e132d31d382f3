package dev.tandem.hub;

/// What an admin trusts: one server of a project's file, as it was declared then.
///
/// @param server the server's name
/// @param hash of its declaration
public record Trust(String tenant, String projectId, String server, String hash) {}
