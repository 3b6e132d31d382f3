package dev.tandem.storage.jdbc;

import dev.tandem.mcp.oauth.TokenStore;
import dev.tandem.mcp.oauth.TokenStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

final class JdbcTokenStoreTest extends TokenStoreContract {
    @RegisterExtension final SqliteStores stores = new SqliteStores();

    @Override
    protected TokenStore tokens() {
        return new JdbcTokenStore(stores.database());
    }
}
