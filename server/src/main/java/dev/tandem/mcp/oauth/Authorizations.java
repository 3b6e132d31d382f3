package dev.tandem.mcp.oauth;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.http.Authorizer;
import dev.tandem.secret.Secret;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signs people in to MCP servers, and keeps and renews their tokens.
///
/// A person asks to [#begin], opens the URL that comes of it, and is sent back to an endpoint that
/// calls [#complete]. From then on [#of] lets their requests in. Safe for use by many threads;
/// whoever opens it closes it.
public final class Authorizations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Authorizations.class);

    private final Clock clock;
    private final OAuthHttp http;
    private final OAuthSettings settings;
    private final Discovery discovery;
    private final Registration registration;
    private final Purchases purchases;
    private final RandomText random = new RandomText();
    private final PendingSignIns pending;
    private final Vault vault;
    private final ConcurrentHashMap<Holder, Account> accounts = new ConcurrentHashMap<>();

    private record Holder(TokenOwner owner, String serverId) {}

    public Authorizations(OAuthSettings settings, TokenStore store, TokenKey key, Clock clock) {
        this(settings, store, key, clock, Reach.Names.DNS);
    }

    Authorizations(
            OAuthSettings settings,
            TokenStore store,
            TokenKey key,
            Clock clock,
            Reach.Names names) {
        this.clock = clock;
        this.settings = settings;
        this.http = new OAuthHttp(settings);
        this.discovery = new Discovery(http, names);
        this.registration = new Registration(http, settings, clock);
        this.purchases = new Purchases(discovery, new TokenEndpoint(http, random, clock));
        this.pending = new PendingSignIns(settings, clock, random);
        this.vault = new Vault(store, key);
    }

    /// Lets an owner's requests in to a server. Costs nothing; asks nobody before it is used.
    public Authorizer of(TokenOwner owner, OAuthServer server) {
        return new ServerAuthorizer(account(owner, server.id()), server);
    }

    /// Whether an owner has tokens for a server. That they are good only the server can say.
    public boolean signedIn(TokenOwner owner, OAuthServer server) throws InterruptedException {
        return account(owner, server.id()).signedIn(server);
    }

    /// Begins a sign-in.
    ///
    /// @param redirectUri where the browser comes back to: https, or on the browser's own machine
    /// @return what the owner opens in a browser, within `signInMax`
    /// @throws Failure INVALID_REQUEST where nobody needs to sign in, or could not come back;
    ///     UPSTREAM_ERROR, UPSTREAM_UNAVAILABLE or UPSTREAM_TIMEOUT where a server does not do its
    ///     part; OVERLOADED where too many are signing in
    public URI begin(TokenOwner owner, OAuthServer server, URI redirectUri)
            throws InterruptedException {
        requirePerson(server);
        requireWayBack(redirectUri);
        Account account = account(owner, server.id());
        Optional<Challenge> heard = account.challenge();
        Challenge challenge = heard.isPresent() ? heard.get() : discovery.ask(server);
        Authority authority = discovery.find(server, challenge);
        URI page = authority.server().signIn();
        RegisteredClient client = client(account, server, authority, redirectUri);
        Scopes demanded = account.demanded().and(challenge.scopes());
        PendingSignIn signIn =
                new PendingSignIn(
                        owner,
                        server,
                        authority,
                        client,
                        new Pkce(new Secret(random.next())),
                        authority.scopes(demanded, server.chosen()),
                        clock.instant());
        return Urls.withQuery(page, signIn.question(pending.add(signIn)));
    }

    private RegisteredClient client(
            Account account, OAuthServer server, Authority authority, URI back)
            throws InterruptedException {
        Optional<RegisteredClient> before = account.registered(server);
        RegisteredClient client = registration.client(server, authority, back, before);
        if (server.client().isEmpty() && !before.equals(Optional.of(client))) {
            account.keepClient(server, client);
        }
        return client;
    }

    private static void requirePerson(OAuthServer server) {
        if (!(server.grant() instanceof OAuthGrant.SignIn)) {
            throw Failure.invalid(
                    "server_id",
                    "server_id: nobody needs to sign in to the MCP server "
                            + server.id()
                            + "; the operator's client gets in by itself.");
        }
    }

    private static void requireWayBack(URI uri) {
        if (!Urls.isSecure(uri)) {
            throw Failure.invalid(
                    "redirect_uri",
                    "redirect_uri must be an https URL, or one on this machine, was "
                            + Urls.shown(uri)
                            + "; set mcp.oauth.redirect-base.");
        }
    }

    /// Ends a sign-in from which somebody comes back with a code.
    ///
    /// @param issuer the parameter `iss`, decoded and otherwise as it came
    /// @throws Failure INVALID_REQUEST where it is not one that was begun here, or comes from
    ///     somebody else than it should; UPSTREAM_ERROR where the code buys nothing. The state is
    ///     good no longer either way.
    public SignedIn complete(String state, String code, Optional<String> issuer)
            throws InterruptedException {
        PendingSignIn signIn = pending.take(state);
        signIn.requireIssuer(issuer);
        if (!code.matches("[\\x20-\\x7e]+") || code.isBlank()) {
            throw Failure.invalid("code", "code must be printable, and not blank.");
        }
        OAuthServer server = signIn.server();
        Account account = account(signIn.owner(), server.id());
        switch (purchases.redeem(signIn, new Secret(code))) {
            case TokenAnswer.Granted(Tokens tokens) ->
                    account.keepGrant(server, grant(signIn, tokens));
            case TokenAnswer.Denied denied ->
                    throw denied.failure(signIn.authority().server().issuer());
        }
        return new SignedIn(signIn.owner(), server.id());
    }

    /// The operator's secret stays where the operator put it.
    private static Grant grant(PendingSignIn signIn, Tokens tokens) {
        boolean operators = signIn.server().client().isPresent();
        RegisteredClient client = signIn.client();
        return Grant.of(
                signIn.authority(),
                operators ? client.with(Optional.empty()) : client,
                signIn.asked(),
                tokens);
    }

    /// Ends a sign-in from which somebody comes back with an error.
    ///
    /// @param error the parameter `error`, such as `access_denied`
    /// @return what to tell them; always
    /// @throws Failure INVALID_REQUEST as [#complete] does, and then the error is not to be shown
    public Failure declined(String state, String error, Optional<String> issuer) {
        PendingSignIn signIn = pending.take(state);
        signIn.requireIssuer(issuer);
        String word = error.matches("[\\w.-]{1,80}") ? error : "an error without a name";
        return new Failure(
                FailureCode.FORBIDDEN,
                "The sign-in to the MCP server "
                        + signIn.server().id()
                        + " ended without success: "
                        + word
                        + ". Begin again, or ask whoever runs it.");
    }

    /// Forgets an owner's tokens for a server, and gives them back where they are taken.
    public void forget(TokenOwner owner, OAuthServer server) throws InterruptedException {
        pending.forget(owner, server.id());
        Optional<Grant> grant = account(owner, server.id()).clear(server);
        if (grant.isEmpty()) {
            return;
        }
        try {
            purchases.giveBack(server, grant.get());
        } catch (Failure notTaken) {
            LOG.info(
                    "tokens for the MCP server {} are deleted, but still good: {}",
                    server.id(),
                    notTaken.text());
        }
    }

    private Account account(TokenOwner owner, String serverId) {
        return accounts.computeIfAbsent(
                new Holder(owner, serverId),
                _ -> new Account(owner, serverId, vault, purchases, settings, clock));
    }

    /// Ends what is under way.
    @Override
    public void close() {
        http.close();
    }
}
