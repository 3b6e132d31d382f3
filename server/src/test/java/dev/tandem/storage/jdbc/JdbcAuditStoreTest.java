package dev.tandem.storage.jdbc;

import dev.tandem.audit.AuditStore;
import dev.tandem.audit.AuditStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

final class JdbcAuditStoreTest extends AuditStoreContract {
    @RegisterExtension final SqliteStores stores = new SqliteStores();

    @Override
    protected AuditStore store() {
        return stores.audit();
    }
}
