package dev.tandem.storage.jdbc;

import dev.tandem.run.RunStore;
import dev.tandem.session.SessionStore;
import dev.tandem.usage.UsageStore;
import dev.tandem.usage.UsageStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

final class JdbcUsageStoreTest extends UsageStoreContract {
    @RegisterExtension final SqliteStores stores = new SqliteStores();

    @Override
    protected SessionStore sessions() {
        return stores.sessions();
    }

    @Override
    protected RunStore runs() {
        return stores.runs();
    }

    @Override
    protected UsageStore usage() {
        return stores.usage();
    }
}
