package dev.tandem.mcp.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What every [TokenStore] does.
public abstract class TokenStoreContract {
    private static final TokenOwner ANNA = new TokenOwner("home", "anna");
    private static final Sealed FIRST = new Sealed("Zmlyc3Q=");
    private static final Sealed SECOND = new Sealed("c2Vjb25k");

    protected abstract TokenStore tokens();

    @Test
    void findsWhatWasSavedLast() {
        tokens().save(ANNA, "files", FIRST);
        tokens().save(ANNA, "files", SECOND);

        assertEquals(Optional.of(SECOND), tokens().load(ANNA, "files"));
    }

    @Test
    void givesNobodyWhatIsSomebodyElses() {
        tokens().save(ANNA, "files", FIRST);

        assertEquals(Optional.empty(), tokens().load(new TokenOwner("home", "ben"), "files"));
        assertEquals(Optional.empty(), tokens().load(new TokenOwner("work", "anna"), "files"));
        assertEquals(Optional.empty(), tokens().load(ANNA, "mail"));
    }

    @Test
    void deletesOneAndLeavesTheOthers() {
        tokens().save(ANNA, "files", FIRST);
        tokens().save(ANNA, "mail", SECOND);

        tokens().delete(ANNA, "files");
        tokens().delete(ANNA, "nothing");

        assertEquals(Optional.empty(), tokens().load(ANNA, "files"));
        assertEquals(Optional.of(SECOND), tokens().load(ANNA, "mail"));
    }
}
