package dev.tandem.mcp.oauth;

/// Who decides about an MCP server.
///
/// @param resource the name that tokens for the MCP server are issued to
/// @param proposed what the MCP server proposes to ask for
/// @param server the authorization server
/// @param reach where both may send us
record Authority(String resource, Scopes proposed, ServerMetadata server, Reach reach) {
    private static final String OFFLINE = "offline_access";

    /// What to ask for.
    ///
    /// @param demanded by the MCP server, for the request at hand or earlier ones
    /// @param chosen by the operator
    Scopes scopes(Scopes demanded, Scopes chosen) {
        Scopes wanted = demanded.and(chosen);
        Scopes scopes = wanted.isEmpty() ? proposed : wanted;
        return scopes.isEmpty() || !server.scopes().has(OFFLINE)
                ? scopes
                : scopes.and(Scopes.of(OFFLINE));
    }
}
