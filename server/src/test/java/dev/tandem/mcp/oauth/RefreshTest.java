package dev.tandem.mcp.oauth;

import static dev.tandem.mcp.oauth.SignInFixture.ANNA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.http.Authorizer;
import dev.tandem.mcp.oauth.FakeAuthority.Said;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens are renewed.
final class RefreshTest {
    private final SignInFixture anna = new SignInFixture();
    private final FakeAuthority authority = anna.authority;
    private final Authorizer authorizer = anna.authorizer();

    RefreshTest() throws IOException {}

    @BeforeEach
    void signIn() throws Exception {
        anna.signIn();
        authority.seen.clear();
    }

    @AfterEach
    void close() {
        anna.close();
    }

    private Failure refused() {
        return assertThrows(Failure.class, () -> authorizer.refused(anna.unknown()));
    }

    @Test
    void renewsATokenThatExpiresWithinAMinute() throws Exception {
        anna.clock.pass(Duration.ofSeconds(3600 - 61));
        assertEquals(Optional.of("Bearer access-1"), authorizer.header());

        anna.clock.pass(Duration.ofSeconds(1));
        assertEquals(Optional.of("Bearer access-2"), authorizer.header());

        Map<String, String> paid = authority.at("/token").getFirst().form();
        assertEquals("refresh_token", paid.get("grant_type"));
        assertEquals("refresh-1", paid.get("refresh_token"));
        assertEquals(authority.url("/mcp").toString(), paid.get("resource"));
    }

    @Test
    void usesATokenThatDoesNotLastAMinuteForHalfOfItsLife() throws Exception {
        authority.tokens.put("expires_in", 40);
        anna.signIn();
        anna.clock.pass(Duration.ofSeconds(19));
        assertEquals(Optional.of("Bearer access-2"), authorizer.header());

        anna.clock.pass(Duration.ofSeconds(1));
        assertEquals(Optional.of("Bearer access-3"), authorizer.header());
    }

    @Test
    void usesEachRefreshTokenOnceAlsoAfterARestart() throws Exception {
        anna.clock.pass(Duration.ofHours(1));
        assertEquals(Optional.of("Bearer access-2"), authorizer.header());

        anna.clock.pass(Duration.ofHours(1));
        try (Authorizations later =
                anna.open(SignInFixture.settings(Optional.empty()), SignInFixture.KEY)) {
            assertEquals(
                    Optional.of("Bearer access-3"), later.of(ANNA, authority.server()).header());
        }
        assertEquals("refresh-2", authority.at("/token").getLast().form().get("refresh_token"));
    }

    @Test
    void keepsARefreshTokenThatIsNotReplaced() throws Exception {
        authority.on(
                "/token",
                _ -> {
                    ObjectNode fresh = authority.freshTokens();
                    fresh.remove("refresh_token");
                    return Said.json(200, fresh);
                });
        anna.clock.pass(Duration.ofHours(1));
        assertEquals(Optional.of("Bearer access-2"), authorizer.header());
        anna.clock.pass(Duration.ofHours(1));
        assertEquals(Optional.of("Bearer access-3"), authorizer.header());

        assertEquals("refresh-1", authority.at("/token").getLast().form().get("refresh_token"));
    }

    @Test
    void usesATokenWithoutAnEndUntilItIsRefused() throws Exception {
        authority.tokens.remove("expires_in");
        anna.signIn();
        anna.clock.pass(Duration.ofDays(400));

        assertEquals(Optional.of("Bearer access-2"), authorizer.header());
        assertTrue(authorizer.refused(anna.unknown()));
        assertEquals(Optional.of("Bearer access-3"), authorizer.header());
    }

    @Test
    void manyRefusalsAtOnceMakeOneRefresh() throws Exception {
        anna.clock.pass(Duration.ofMinutes(5));
        int requests = 20;
        CyclicBarrier sent = new CyclicBarrier(requests);
        List<Future<Optional<String>>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < requests; i++) {
                answers.add(
                        threads.submit(
                                () -> {
                                    Optional<String> _ = authorizer.header();
                                    sent.await();
                                    assertTrue(authorizer.refused(anna.unknown()));
                                    return authorizer.header();
                                }));
            }
            for (Future<Optional<String>> answer : answers) {
                assertEquals(Optional.of("Bearer access-2"), answer.get());
            }
        }
        assertEquals(1, authority.at("/token").size());
    }

    @Test
    void whoWaitsForSomebodyElsesRefreshIsFreeAtAnInterrupt() throws Exception {
        anna.clock.pass(Duration.ofHours(1));
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        authority.on(
                "/token",
                _ -> {
                    asked.countDown();
                    await(answer);
                    return Said.json(200, authority.freshTokens());
                });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Optional<String>> first = threads.submit(authorizer::header);
            asked.await();
            CountDownLatch freed = new CountDownLatch(1);
            Thread second =
                    Thread.startVirtualThread(
                            () ->
                                    assertThrows(
                                            InterruptedException.class,
                                            () -> {
                                                try {
                                                    Optional<String> _ = authorizer.header();
                                                } finally {
                                                    freed.countDown();
                                                }
                                            }));
            second.interrupt();
            freed.await();
            answer.countDown();
            assertEquals(Optional.of("Bearer access-2"), first.get());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"invalid_grant", "invalid_client"})
    void asksForAnotherSignInWhenTheRefreshTokenIsNoGood(String error) throws Exception {
        authority.on("/token", _ -> Said.error(error));
        anna.clock.pass(Duration.ofHours(1));

        assertEquals(Optional.empty(), authorizer.header());
        Failure wanted = refused();

        assertEquals(FailureCode.UNAUTHORIZED, wanted.code());
        assertTrue(wanted.text().contains("POST /v1/mcp/servers/files:authorize"), wanted::text);
        assertFalse(anna.authorizations.signedIn(ANNA, authority.server()));
        assertEquals(1, authority.at("/token").size());
    }

    @Test
    void goesOnWithATokenThatStillLastsWhenItCannotBeRenewedNow() throws Exception {
        authority.on("/token", _ -> Said.status(503));
        anna.clock.pass(Duration.ofSeconds(3600 - 30));
        assertEquals(Optional.of("Bearer access-1"), authorizer.header());

        anna.clock.pass(Duration.ofSeconds(31));
        Failure broken = assertThrows(Failure.class, authorizer::header);
        assertEquals(FailureCode.UPSTREAM_ERROR, broken.code());

        authority.on("/token", _ -> Said.json(200, authority.freshTokens()));
        assertEquals(Optional.of("Bearer access-2"), authorizer.header());
    }

    @Test
    void renewsNoTokenThatIsRefusedAsSoonAsItIsThere() throws Exception {
        anna.clock.pass(Duration.ofMinutes(5));
        Optional<String> _ = authorizer.header();
        assertTrue(authorizer.refused(anna.unknown()));
        Optional<String> _ = authorizer.header();

        assertEquals(FailureCode.UNAUTHORIZED, refused().code());
        assertEquals(1, authority.at("/token").size());
    }

    @Test
    void whoeverSentTheOldTokenTriesAgainWithTheNew() throws Exception {
        Optional<String> _ = authorizer.header();
        anna.signIn();

        assertTrue(authorizer.refused(anna.unknown()));
        assertEquals(Optional.of("Bearer access-2"), authorizer.header());
        assertEquals(1, authority.at("/token").size());
    }

    @Test
    void asksForASignInWhereThereWasNone() {
        TokenOwner ben = new TokenOwner("home", "ben");
        Authorizer his = anna.authorizations.of(ben, authority.server());

        Failure wanted = assertThrows(Failure.class, () -> his.refused(anna.unknown()));

        assertEquals(FailureCode.UNAUTHORIZED, wanted.code());
    }

    @Test
    void leavesARefusalAloneThatIsNotAboutTokens() throws Exception {
        Optional<String> _ = authorizer.header();

        assertFalse(authorizer.refused(new Authorizer.Refusal(403, Optional.empty())));
        assertFalse(authorizer.refused(new Authorizer.Refusal(403, Optional.of("Bearer"))));
        assertTrue(anna.authorizations.signedIn(ANNA, authority.server()));
    }
}
