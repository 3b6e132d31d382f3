package dev.tandem.mcp.oauth;

import dev.tandem.mcp.http.Authorizer;
import dev.tandem.secret.Secret;
import java.util.Optional;

/// Says who an owner is to one server. A thread that is refused is taken to have sent what it got
/// last.
final class ServerAuthorizer implements Authorizer {
    private final Account account;
    private final OAuthServer server;
    private final ThreadLocal<Optional<Secret>> sent = ThreadLocal.withInitial(Optional::empty);

    ServerAuthorizer(Account account, OAuthServer server) {
        this.account = account;
        this.server = server;
    }

    @Override
    public Optional<String> header() throws InterruptedException {
        Optional<Secret> token = account.token(server);
        sent.set(token);
        return token.map(secret -> "Bearer " + secret.reveal());
    }

    @Override
    public boolean refused(Refusal refusal) throws InterruptedException {
        return account.refused(server, refusal, sent.get());
    }
}
