package dev.tandem.mcp.oauth;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.http.Authorizer.Refusal;
import dev.tandem.secret.Secret;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One owner's standing with one MCP server. One thread at a time buys tokens for it; the others
/// wait, and use what it bought.
final class Account {
    private static final Logger LOG = LoggerFactory.getLogger(Account.class);

    /// A token that is refused while it is younger than this was never any good.
    private static final Duration YOUNG = Duration.ofSeconds(60);

    private final TokenOwner owner;
    private final String serverId;
    private final Vault vault;
    private final Purchases purchases;
    private final OAuthSettings settings;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Holding held;
    private Optional<Challenge> challenge = Optional.empty();
    private Scopes demanded = Scopes.NONE;

    Account(
            TokenOwner owner,
            String serverId,
            Vault vault,
            Purchases purchases,
            OAuthSettings settings,
            Clock clock) {
        this.owner = owner;
        this.serverId = serverId;
        this.vault = vault;
        this.purchases = purchases;
        this.settings = settings;
        this.clock = clock;
    }

    /// Something to do while nobody else does.
    @FunctionalInterface
    interface Turn<T> {
        T take() throws InterruptedException;
    }

    private <T> T alone(Turn<T> turn) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return turn.take();
        } finally {
            lock.unlock();
        }
    }

    /// The token to send; empty where there is none.
    ///
    /// @throws Failure where it has expired, and none can be had now
    Optional<Secret> token(OAuthServer server) throws InterruptedException {
        return alone(
                () -> {
                    Optional<Grant> grant = holding(server).grant();
                    if (grant.isEmpty() || lasts(grant.get(), settings.refreshAhead())) {
                        return grant.map(valid -> valid.tokens().access());
                    }
                    return renewed(server, grant.get());
                });
    }

    private Optional<Secret> renewed(OAuthServer server, Grant grant) throws InterruptedException {
        try {
            if (renew(server, grant)) {
                return holding(server).grant().map(fresh -> fresh.tokens().access());
            }
        } catch (Failure notNow) {
            if (!lasts(grant, Duration.ZERO)) {
                throw notNow;
            }
            LOG.info(
                    "a token for the MCP server {} is not renewed yet: {}",
                    serverId,
                    notNow.text());
        }
        return lasts(grant, Duration.ZERO)
                ? Optional.of(grant.tokens().access())
                : Optional.empty();
    }

    private boolean lasts(Grant grant, Duration more) {
        return grant.tokens().last(more, clock.instant());
    }

    /// What to do about a refusal.
    ///
    /// @param used the token that was refused; empty where none was sent
    /// @return whether there is another token now
    /// @throws Failure UNAUTHORIZED where a sign-in would help, FORBIDDEN where it would not
    boolean refused(OAuthServer server, Refusal refusal, Optional<Secret> used)
            throws InterruptedException {
        Challenge heard = Challenge.of(refusal.wwwAuthenticate());
        return alone(
                () -> {
                    Optional<Grant> grant = holding(server).grant();
                    Optional<Secret> current = grant.map(held -> held.tokens().access());
                    if (current.isPresent() && !current.equals(used)) {
                        return true;
                    }
                    boolean scopesLack = heard.error().equals(Optional.of("insufficient_scope"));
                    if (refusal.status() == 403 && (!scopesLack || heard.scopes().isEmpty())) {
                        return false;
                    }
                    challenge = Optional.of(heard);
                    demanded = grant.map(Grant::asked).orElse(demanded).and(heard.scopes());
                    return refusal.status() == 403
                            ? widened(server, grant, heard)
                            : replaced(server, grant);
                });
    }

    /// The token does not allow enough.
    private boolean widened(OAuthServer server, Optional<Grant> grant, Challenge heard)
            throws InterruptedException {
        if (grant.isPresent() && grant.get().asked().cover(heard.scopes())) {
            throw new Failure(
                    FailureCode.FORBIDDEN,
                    "The MCP server "
                            + serverId
                            + " refuses although '"
                            + heard.scopes().text()
                            + "' was asked for at the sign-in; whoever runs it must allow it.");
        }
        if (server.grant() instanceof OAuthGrant.SignIn) {
            throw signIn(" to allow it '" + demanded.text() + "'");
        }
        return unattended(server);
    }

    /// The token is no good.
    private boolean replaced(OAuthServer server, Optional<Grant> grant)
            throws InterruptedException {
        boolean young =
                grant.map(held -> held.tokens().issuedAt().plus(YOUNG))
                        .map(clock.instant()::isBefore)
                        .orElse(false);
        if (young && !(server.grant() instanceof OAuthGrant.SignIn)) {
            throw new Failure(
                    FailureCode.FORBIDDEN,
                    "The MCP server " + serverId + " refuses the token that it was just given.");
        }
        if (grant.isPresent() && !young && renew(server, grant.get())) {
            return true;
        }
        if (grant.isEmpty() && !(server.grant() instanceof OAuthGrant.SignIn)) {
            return unattended(server);
        }
        if (grant.isPresent() && grant.get().tokens().refresh().isEmpty()) {
            keep(holding(server).with(Optional.empty()));
        }
        throw signIn("");
    }

    /// Puts other tokens in the place of these; drops those that nothing can be done with.
    ///
    /// @throws Failure where that may change
    private boolean renew(OAuthServer server, Grant grant) throws InterruptedException {
        if (!(server.grant() instanceof OAuthGrant.SignIn)) {
            return unattended(server);
        }
        Optional<Secret> refresh = grant.tokens().refresh();
        if (refresh.isEmpty()) {
            return false;
        }
        return switch (purchases.renew(server, grant, refresh.get())) {
            case TokenAnswer.Granted(Tokens tokens) -> {
                Grant renewed = grant.with(tokens.orRefreshedBy(refresh.get()));
                keep(holding(server).with(Optional.of(renewed)));
                yield true;
            }
            case TokenAnswer.Denied denied when denied.isFinal() -> {
                LOG.info(
                        "the sign-in to the MCP server {} has ended: {}", serverId, denied.error());
                keep(Holding.nothing(Urls.canonical(server.url())));
                yield false;
            }
            case TokenAnswer.Denied denied -> throw denied.failure(grant.client().issuer());
        };
    }

    private boolean unattended(OAuthServer server) throws InterruptedException {
        OAuthClient ours = server.client().orElseThrow();
        Grant grant =
                purchases.unattended(server, ours, challenge.orElse(Challenge.NONE), demanded);
        keep(holding(server).with(Optional.of(grant)));
        return true;
    }

    /// What is known of the server's demands.
    Optional<Challenge> challenge() throws InterruptedException {
        return alone(() -> challenge);
    }

    /// Every scope that was demanded so far.
    Scopes demanded() throws InterruptedException {
        return alone(() -> demanded);
    }

    Optional<RegisteredClient> registered(OAuthServer server) throws InterruptedException {
        return alone(() -> holding(server).registered());
    }

    /// Whether there are tokens, good or not.
    boolean signedIn(OAuthServer server) throws InterruptedException {
        return alone(() -> holding(server).grant().isPresent());
    }

    void keepClient(OAuthServer server, RegisteredClient client) throws InterruptedException {
        boolean _ = alone(() -> keep(holding(server).registered(client)));
    }

    void keepGrant(OAuthServer server, Grant grant) throws InterruptedException {
        boolean _ = alone(() -> keep(holding(server).with(Optional.of(grant))));
    }

    /// Deletes everything.
    ///
    /// @return what was there
    Optional<Grant> clear(OAuthServer server) throws InterruptedException {
        return alone(
                () -> {
                    Optional<Grant> grant = holding(server).grant();
                    vault.delete(owner, serverId);
                    held = null;
                    challenge = Optional.empty();
                    demanded = Scopes.NONE;
                    return grant;
                });
    }

    /// What is kept for this URL of the server's, and no other.
    private Holding holding(OAuthServer server) {
        Holding known = held;
        if (known == null) {
            known =
                    vault.load(owner, serverId)
                            .orElseGet(() -> Holding.nothing(Urls.canonical(server.url())));
            held = known;
        }
        String url = Urls.canonical(server.url());
        return known.server().equals(url) ? known : Holding.nothing(url);
    }

    private boolean keep(Holding holding) {
        vault.save(owner, serverId, holding);
        held = holding;
        return true;
    }

    private Failure signIn(String why) {
        return new Failure(
                FailureCode.UNAUTHORIZED,
                "Sign in to the MCP server "
                        + serverId
                        + why
                        + ": POST /v1/mcp/servers/"
                        + serverId
                        + ":authorize, and open the URL that it answers.");
    }
}
