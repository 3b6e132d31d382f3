package dev.tandem.hub;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.hub.ServerDeclaration.Remote;
import dev.tandem.mcp.oauth.Authorizations;
import dev.tandem.mcp.oauth.OAuthServer;
import dev.tandem.mcp.oauth.OAuthSettings;
import dev.tandem.tool.ToolScope;
import java.net.URI;
import java.util.Optional;

/// Signs people in to the servers of a [Hub]. Safe for use by many threads.
public final class SignIns {
    private final Hub hub;
    private final Authorizations authorizations;
    private final OAuthSettings settings;

    public SignIns(Hub hub, Authorizations authorizations, OAuthSettings settings) {
        this.hub = hub;
        this.authorizations = authorizations;
        this.settings = settings;
    }

    /// Begins a sign-in for the scope's key.
    ///
    /// @return the page to open in a browser
    /// @throws Failure NOT_FOUND; CONFLICT where the operator has not said where browsers come back
    ///     to; INVALID_REQUEST, param `server_id`, where the server is a program or has a header
    ///     that says who we are; otherwise as [Authorizations#begin]
    public URI begin(ToolScope scope, String serverId) throws InterruptedException {
        OAuthServer server = server(scope, serverId);
        URI back =
                settings.redirectUri()
                        .orElseThrow(
                                () ->
                                        new Failure(
                                                FailureCode.CONFLICT,
                                                "Nobody can sign in before the operator says where"
                                                        + " browsers reach this server; set"
                                                        + " mcp.oauth.redirect-base."));
        return authorizations.begin(McpConnector.owner(scope), server, back);
    }

    /// Ends a sign-in from which somebody comes back with a code.
    ///
    /// @return the server that they signed in to
    /// @throws Failure as [Authorizations#complete]
    public String complete(String state, String code, Optional<String> issuer)
            throws InterruptedException {
        return authorizations.complete(state, code, issuer).serverId();
    }

    /// Ends a sign-in from which somebody comes back with an error.
    ///
    /// @return what to tell them
    /// @throws Failure as [Authorizations#declined]
    public Failure declined(String state, String error, Optional<String> issuer) {
        return authorizations.declined(state, error, issuer);
    }

    /// Forgets the tokens of the scope's key for a server, and ends its connections there.
    ///
    /// @throws Failure as [#begin]
    public void forget(ToolScope scope, String serverId) throws InterruptedException {
        authorizations.forget(McpConnector.owner(scope), server(scope, serverId));
        hub.drop(scope, serverId);
    }

    private OAuthServer server(ToolScope scope, String serverId) {
        if (hub.prepared(scope, serverId).opening().declaration() instanceof Remote remote
                && !remote.isAuthorized()) {
            return remote.oauthServer(serverId);
        }
        throw Failure.invalid(
                "server_id",
                "server_id must be of a server that is reached over HTTP and has no header"
                        + " Authorization of its own, was "
                        + serverId
                        + ".");
    }
}
