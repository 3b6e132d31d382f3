package dev.tandem.mcp.oauth;

import static dev.tandem.mcp.oauth.SignInFixture.ANNA;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.mcp.http.Authorizer;
import dev.tandem.mcp.oauth.FakeAuthority.Said;
import dev.tandem.mcp.oauth.FakeAuthority.Seen;
import dev.tandem.secret.Secret;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// No log, exception, text of an object or stored row ever shows a token, a code, a verifier or a
/// secret, not even where the authorization server repeats it to our face.
final class SecrecyTest {
    private static final String CLIENT_SECRET = "client-secret-word";

    private final SignInFixture anna = new SignInFixture();
    private final FakeAuthority authority = anna.authority;
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.tandem");
    private final Level level = logger.getLevel();
    private final List<String> shown = new ArrayList<>();

    SecrecyTest() throws IOException {}

    @BeforeEach
    void listen() {
        authority.registered.put("client_secret", CLIENT_SECRET);
        logger.setLevel(Level.TRACE);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void close() {
        logger.detachAppender(log);
        logger.setLevel(level);
        anna.close();
    }

    @Test
    void showsNothingWhereAllGoesWell() throws Exception {
        anna.signIn();
        anna.clock.pass(Duration.ofHours(1));
        Authorizer authorizer = anna.authorizer();
        Optional<String> _ = authorizer.header();
        shown.add(authorizer.toString());
        anna.authorizations.forget(ANNA, authority.server());

        assertNothingShown();
    }

    @Test
    void showsNothingWhereTheServerRepeatsEverything() throws Exception {
        authority.on("/token", SecrecyTest::repeated);
        authority.on("/revoke", SecrecyTest::repeated);
        authority.on(
                "/register",
                _ ->
                        Said.json(
                                400,
                                new ObjectMapper()
                                        .createObjectNode()
                                        .put("error", "invalid")
                                        .put("client_secret", CLIENT_SECRET)));
        keep(assertThrows(Failure.class, anna::begin));
        authority.on("/register", _ -> Said.json(201, authority.registered));
        String state = anna.begin().getOrDefault("state", "");
        keep(
                assertThrows(
                        Failure.class,
                        () -> anna.authorizations.complete(state, "the-code", Optional.empty())));
        authority.on("/token", _ -> Said.json(200, authority.freshTokens()));
        anna.signIn();
        authority.on("/token", SecrecyTest::repeated);
        anna.clock.pass(Duration.ofHours(1));
        keep(assertThrows(Failure.class, () -> anna.authorizer().header()));
        anna.authorizations.forget(ANNA, authority.server());

        assertNothingShown();
    }

    private static Said repeated(Seen request) {
        ObjectNode json = new ObjectMapper().createObjectNode().put("error", "server_error");
        return Said.json(400, json.put("error_description", "I got " + request.form()));
    }

    @Test
    void noValueWritesOutWhatItHolds() throws Exception {
        Secret secret = new Secret("access-1");
        RegisteredClient client =
                new RegisteredClient(
                        authority.origin(),
                        "client-1",
                        Optional.of(new Secret(CLIENT_SECRET)),
                        AuthMethod.BASIC,
                        HeadlessBrowser.BACK,
                        Optional.empty());
        Tokens tokens =
                new Tokens(
                        secret,
                        Optional.of(new Secret("refresh-1")),
                        Instant.EPOCH,
                        Optional.empty(),
                        Scopes.NONE);
        URI token = authority.url("/token");
        Grant grant = new Grant("r", token, Optional.empty(), client, Scopes.NONE, tokens);
        Holding holding = new Holding("s", Optional.of(client), Optional.of(grant));
        shown.add(holding.toString());
        shown.add(new TokenAnswer.Granted(tokens).toString());
        shown.add(new Pkce(new Secret("the-verifier")).toString());
        shown.add(new OAuthClient("c", Optional.of(new Secret(CLIENT_SECRET))).toString());
        shown.add(SignInFixture.KEY.toString());
        shown.add(SignInFixture.KEY.seal(HoldingJson.write(holding), new byte[0]).toString());

        assertNothingShown();
    }

    private void keep(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        shown.add(trace.toString());
    }

    private void assertNothingShown() {
        log.list.forEach(event -> shown.add(event.getFormattedMessage()));
        log.list.stream()
                .filter(event -> event.getThrowableProxy() != null)
                .forEach(event -> shown.add(event.getThrowableProxy().getMessage()));
        shown.addAll(anna.store.texts());
        List<String> secrets =
                new ArrayList<>(
                        List.of(
                                "access-1",
                                "access-2",
                                "refresh-1",
                                "refresh-2",
                                "the-code",
                                "the-verifier",
                                CLIENT_SECRET));
        for (Seen request : authority.at("/token")) {
            Map<String, String> form = request.form();
            Optional.ofNullable(form.get("code_verifier")).ifPresent(secrets::add);
            request.auth().ifPresent(value -> secrets.add(value.substring("Basic ".length())));
        }
        assertTrue(shown.stream().anyMatch(text -> !text.isEmpty()), "nothing was looked at");
        for (String secret : secrets) {
            for (String text : shown) {
                assertFalse(text.contains(secret), () -> secret + " is shown in: " + text);
            }
        }
    }
}
