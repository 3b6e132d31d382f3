package dev.tandem.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.hub.ServerDeclaration.Program;
import dev.tandem.hub.ServerDeclaration.Remote;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What every [ServerStore] does.
public abstract class ServerStoreContract {
    private static final Instant NOW = Instant.parse("2026-11-29T07:00:00Z");
    private static final ServerDeclaration PROGRAM =
            new Program("npx", List.of("-y", "x"), Map.of("KEY", "hush"), Optional.of("/srv"));
    private static final ServerDeclaration REMOTE =
            new Remote(
                    "https://mcp.example",
                    true,
                    Map.of("X-Key", "hush"),
                    new OAuthTerms(
                            Optional.of("tandem"),
                            Optional.of("hush"),
                            List.of("read", "write"),
                            OAuthTerms.Way.CLIENT_CREDENTIALS));

    protected abstract ServerStore store();

    @Test
    void keepsServersByTenantInTheOrderOfTheirNames() {
        AddedServer second = added("ada", "b", PROGRAM);
        AddedServer first = added("ada", "a", REMOTE);
        AddedServer others = added("bob", "a", PROGRAM);
        store().add(second);
        store().add(first);
        store().add(others);

        assertEquals(List.of(first, second), store().added("ada"));
        assertEquals(List.of(others), store().added("bob"));
        assertEquals(List.of(), store().added("eve"));
    }

    @Test
    void aNameIsTakenOnceInATenant() {
        store().add(added("ada", "a", PROGRAM));

        Failure taken = assertThrows(Failure.class, () -> store().add(added("ada", "a", REMOTE)));

        assertEquals(FailureCode.ALREADY_EXISTS, taken.code());
        assertEquals(Optional.of("name"), taken.param());
        assertEquals(List.of(added("ada", "a", PROGRAM)), store().added("ada"));
    }

    @Test
    void removesATenantsOwnOnly() {
        store().add(added("ada", "a", PROGRAM));

        assertFalse(store().remove("bob", "a"));
        assertTrue(store().remove("ada", "a"));
        assertFalse(store().remove("ada", "a"));
        assertEquals(List.of(), store().added("ada"));
    }

    @Test
    void trustsOneDeclarationOfAServerAtATime() {
        Trust first = new Trust("ada", "proj_1", "files", "one");
        Trust changed = new Trust("ada", "proj_1", "files", "two");
        Trust beside = new Trust("ada", "proj_1", "web", "three");
        store().trust(first, "key", NOW);
        store().trust(beside, "key", NOW);
        assertEquals(Set.of(first, beside), store().trusted("ada", "proj_1"));

        store().trust(changed, "key", NOW);

        assertEquals(Set.of(changed, beside), store().trusted("ada", "proj_1"));
        assertEquals(Set.of(), store().trusted("ada", "proj_2"));
        assertEquals(Set.of(), store().trusted("bob", "proj_1"));
    }

    protected static AddedServer added(String tenant, String name, ServerDeclaration declaration) {
        return new AddedServer(tenant, name, Optional.of(declaration), "key", NOW);
    }
}
