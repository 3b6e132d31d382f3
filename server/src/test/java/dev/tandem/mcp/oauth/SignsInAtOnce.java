package dev.tandem.mcp.oauth;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.http.Authorizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/// Lets requests in and has somebody sign in whenever that is needed.
public final class SignsInAtOnce implements Authorizer {
    private final Authorizations authorizations;
    private final TokenOwner owner;
    private final OAuthServer server;
    private final Authorizer real;

    public SignsInAtOnce(Authorizations authorizations, TokenOwner owner, OAuthServer server) {
        this.authorizations = authorizations;
        this.owner = owner;
        this.server = server;
        this.real = authorizations.of(owner, server);
    }

    @Override
    public Optional<String> header() throws InterruptedException {
        return real.header();
    }

    @Override
    public boolean refused(Refusal refusal) throws InterruptedException {
        try {
            return real.refused(refusal);
        } catch (Failure wanted) {
            if (wanted.code() != FailureCode.UNAUTHORIZED) {
                throw wanted;
            }
            try {
                SignedIn _ = HeadlessBrowser.signIn(authorizations, owner, server);
                return true;
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }
}
