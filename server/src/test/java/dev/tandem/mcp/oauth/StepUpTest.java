package dev.tandem.mcp.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.mcp.http.Authorizer;
import dev.tandem.mcp.http.Authorizer.Refusal;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is asked for, and what more when that does not do.
final class StepUpTest {
    private final SignInFixture anna = new SignInFixture();
    private final FakeAuthority authority = anna.authority;

    StepUpTest() throws IOException {}

    @AfterEach
    void close() {
        anna.close();
    }

    private Failure refused(Refusal refusal) {
        return assertThrows(
                Failure.class,
                () -> {
                    Authorizer authorizer = anna.authorizer();
                    Optional<String> _ = authorizer.header();
                    boolean _ = authorizer.refused(refusal);
                });
    }

    private void demands(String scopes) {
        String header = authority.challenge() + ", scope=\"" + scopes + "\"";
        Failure _ = refused(new Refusal(401, Optional.of(header)));
    }

    @Test
    void asksForWhatTheServerDemands() throws Exception {
        authority.resource.putArray("scopes_supported").add("everything");
        demands("read list");

        assertEquals("read list", anna.begin().get("scope"));
    }

    @Test
    void asksForWhatTheServerProposesWhereItDemandsNothing() throws Exception {
        authority.resource.putArray("scopes_supported").add("read").add("write");

        assertEquals("read write", anna.begin().get("scope"));
    }

    @Test
    void asksForNothingWhereNothingIsNamed() throws Exception {
        authority.metadata.putArray("scopes_supported").add("offline_access");

        assertFalse(anna.begin().containsKey("scope"));
    }

    @Test
    void asksForWhatTheOperatorHasChosen() throws Exception {
        authority.resource.putArray("scopes_supported").add("everything");
        OAuthServer server =
                new OAuthServer("files", authority.url("/mcp"), Optional.empty(), Set.of("read"));

        assertEquals("read", anna.begin(server).get("scope"));
    }

    @Test
    void asksToStaySignedInWhereThatCanBeAskedFor() throws Exception {
        authority.resource.putArray("scopes_supported").add("read");
        authority.metadata.putArray("scopes_supported").add("read").add("offline_access");

        assertEquals("read offline_access", anna.begin().get("scope"));
    }

    @Test
    void asksForMoreWhenThatIsNotEnoughAndKeepsTheRest() throws Exception {
        demands("read");
        anna.signIn();

        Failure wanted = refused(anna.lacking("write"));

        assertEquals(FailureCode.UNAUTHORIZED, wanted.code());
        assertTrue(wanted.text().contains("'read write'"), wanted::text);
        assertEquals("read write", anna.begin().get("scope"));
        assertEquals(Optional.of("Bearer access-1"), anna.authorizer().header());
    }

    @Test
    void asksForNothingTwice() throws Exception {
        demands("read");
        anna.signIn();

        Failure forGood = refused(anna.lacking("read"));

        assertEquals(FailureCode.FORBIDDEN, forGood.code());
        assertTrue(forGood.text().contains("whoever runs it must allow it"), forGood::text);
    }
}
