package dev.tandem.mcp.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.McpTransport;
import dev.tandem.secret.Secret;
import java.net.ConnectException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who we say we are, where redirects lead, and which addresses are reached.
@Timeout(30)
final class HttpCallsTest {
    private static final HttpTransports TRANSPORTS = new HttpTransports(HttpLimits.DEFAULTS);

    private final FakeReceiver receiver = new FakeReceiver();

    @AfterAll
    static void close() {
        TRANSPORTS.close();
    }

    @Test
    void sendsTheHeadersOfTheOperator() throws Exception {
        try (ScriptedServer server = answering()) {
            send(server.url(), Map.of("X-Key", new Secret("k-1")), Authorizer.NONE);

            assertEquals("k-1", server.next("POST").header("X-Key").orElseThrow());
        }
    }

    @Test
    void triesAgainWithANewHeaderWhereThatPays() throws Exception {
        FakeAuthorizer authorizer = new FakeAuthorizer(true);
        try (ScriptedServer server =
                new ScriptedServer(
                        asked -> {
                            if (asked.header("Authorization").equals(Optional.of("Bearer 3"))) {
                                asked.json(200, Spoken.answer(1));
                            } else {
                                asked.set("WWW-Authenticate", "Bearer realm=\"x\"").status(401);
                            }
                        })) {
            send(server.url(), Map.of("authorization", new Secret("old")), authorizer);

            assertEquals(Spoken.answer(1), receiver.heard.take().message());
            assertEquals(
                    List.of(
                            new Authorizer.Refusal(401, Optional.of("Bearer realm=\"x\"")),
                            new Authorizer.Refusal(401, Optional.of("Bearer realm=\"x\""))),
                    authorizer.refusals);
        }
    }

    @Test
    void givesUpAServerThatRefusesEveryHeader() throws Exception {
        FakeAuthorizer authorizer = new FakeAuthorizer(true);
        try (ScriptedServer server =
                new ScriptedServer(
                        asked -> asked.status(asked.path().equals("/401") ? 401 : 403))) {
            Failure unknown =
                    assertThrows(
                            Failure.class, () -> send(server.url("/401"), Map.of(), authorizer));
            Failure forbidden =
                    assertThrows(
                            Failure.class, () -> send(server.url("/403"), Map.of(), authorizer));
            Failure alone =
                    assertThrows(
                            Failure.class,
                            () -> send(server.url("/401"), Map.of(), new FakeAuthorizer(false)));

            assertEquals(FailureCode.UNAUTHORIZED, unknown.code());
            assertEquals(FailureCode.FORBIDDEN, forbidden.code());
            assertEquals(FailureCode.UNAUTHORIZED, alone.code());
            assertEquals(3 + 3 + 1, server.requests.size());
        }
    }

    @Test
    void doesNotTakeAServerForGoneWhereOnlyTokensCannotBeHad() throws Exception {
        Failure unreachable =
                new Failure(
                        FailureCode.UPSTREAM_UNAVAILABLE,
                        "no token can be had",
                        new ConnectException("refused"));
        Authorizer tokenless =
                new Authorizer() {
                    @Override
                    public Optional<String> header() {
                        throw unreachable;
                    }

                    @Override
                    public boolean refused(Refusal refusal) {
                        return false;
                    }
                };
        try (ScriptedServer server = answering()) {
            Failure failure =
                    assertThrows(Failure.class, () -> send(server.url(), Map.of(), tokenless));

            assertEquals(unreachable, failure);
            assertFalse(receiver.end.isDone());
        }
    }

    @Test
    void followsARedirectOnItsOwnOriginOnly() throws Exception {
        try (ScriptedServer other = answering();
                ScriptedServer server =
                        new ScriptedServer(
                                asked -> {
                                    switch (asked.path()) {
                                        case "/mcp" -> asked.set("Location", "/here").status(307);
                                        case "/here" -> asked.json(200, Spoken.answer(1));
                                        case "/away" ->
                                                asked.set("Location", other.url().toString())
                                                        .status(308);
                                        case "/round" ->
                                                asked.set("Location", "/round").status(308);
                                        default -> asked.set("Location", "/here").status(302);
                                    }
                                })) {
            send(server.url(), Map.of(), Authorizer.NONE);
            Failure away =
                    assertThrows(
                            Failure.class,
                            () -> send(server.url("/away"), Map.of(), Authorizer.NONE));
            for (String path : List.of("/round", "/found")) {
                assertThrows(
                        Failure.class, () -> send(server.url(path), Map.of(), Authorizer.NONE));
            }

            assertEquals(Spoken.answer(1), receiver.heard.take().message());
            assertEquals("POST", server.requests.take().method());
            assertEquals(Spoken.ask(1, "ping").json(), server.requests.take().body());
            assertTrue(away.text().contains("another origin"), away::text);
            assertEquals(0, other.requests.size());
        }
    }

    @Test
    void reachesNoNeighbourWhereOnlyPublicAddressesAreAllowed() throws Exception {
        try (ScriptedServer server = answering()) {
            for (String host :
                    List.of("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433")) {
                URI url = URI.create("http://" + host + ":" + server.url().getPort() + "/mcp");
                McpTransport transport =
                        TRANSPORTS.either(
                                new HttpEndpoint(url), Authorizer.NONE, AddressRule.PUBLIC);
                transport.open(receiver);

                Failure failure =
                        assertThrows(
                                Failure.class, () -> transport.send(Spoken.ask(1, "initialize")));

                assertEquals(FailureCode.INVALID_REQUEST, failure.code(), host);
            }
            assertEquals(List.of(), List.copyOf(server.requests));
        }
    }

    private static ScriptedServer answering() throws Exception {
        return new ScriptedServer(asked -> asked.json(200, Spoken.answer(1)));
    }

    private void send(URI url, Map<String, Secret> headers, Authorizer authorizer)
            throws Exception {
        McpTransport transport =
                TRANSPORTS.streamable(new HttpEndpoint(url, headers), authorizer, AddressRule.ANY);
        transport.open(receiver);
        transport.send(Spoken.ask(1, "ping"));
    }

    /// Has a new header each time it is asked.
    private static final class FakeAuthorizer implements Authorizer {
        final CopyOnWriteArrayList<Refusal> refusals = new CopyOnWriteArrayList<>();
        private final boolean pays;
        private int headers;

        FakeAuthorizer(boolean pays) {
            this.pays = pays;
        }

        @Override
        public synchronized Optional<String> header() {
            headers++;
            return Optional.of("Bearer " + headers);
        }

        @Override
        public boolean refused(Refusal refusal) {
            refusals.add(refusal);
            return pays;
        }
    }
}
