package dev.tandem.storage.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tandem.hub.Seal;
import dev.tandem.hub.ServerDeclaration.Program;
import dev.tandem.hub.ServerStore;
import dev.tandem.hub.ServerStoreContract;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class JdbcServerStoreTest extends ServerStoreContract {
    @RegisterExtension final SqliteStores stores = new SqliteStores();

    @Override
    protected ServerStore store() {
        return new JdbcServerStore(stores.database(), new Turned("key"));
    }

    @Test
    void whatWasSealedWithAnotherKeyIsListedWithoutItsDeclaration() {
        Program program = new Program("npx", List.of(), Map.of(), Optional.empty());
        store().add(added("ada", "a", program));
        store().add(added("ada", "b", program));

        ServerStore other = new JdbcServerStore(stores.database(), new Turned("other key"));

        assertEquals(
                List.of("a Optional.empty", "b Optional.empty"),
                other.added("ada").stream()
                        .map(one -> one.name() + " " + one.declaration())
                        .toList());
    }

    @Test
    void nothingThatIsStoredCanBeRead() {
        store().add(added("ada", "a", new Program("npx", List.of(), Map.of(), Optional.empty())));

        String stored =
                stores.database()
                        .read(
                                transaction ->
                                        transaction.only(
                                                "SELECT declaration FROM mcp_server",
                                                row -> row.text("declaration")));

        assertFalse(stored.contains("npx"));
    }

    /// Writes texts backwards, with what they belong to.
    private record Turned(String key) implements Seal {
        @Override
        public String seal(String plain, String context) {
            return new StringBuilder(key + "|" + context + "|" + plain).reverse().toString();
        }

        @Override
        public Optional<String> open(String sealed, String context) {
            String text = new StringBuilder(sealed).reverse().toString();
            String start = key + "|" + context + "|";
            return text.startsWith(start)
                    ? Optional.of(text.substring(start.length()))
                    : Optional.empty();
        }
    }
}
