package dev.tandem.storage.jdbc;

import dev.tandem.run.RunArchive;
import dev.tandem.run.RunArchiveContract;
import dev.tandem.run.RunStore;
import dev.tandem.session.SessionStore;
import org.junit.jupiter.api.extension.RegisterExtension;

final class JdbcRunArchiveTest extends RunArchiveContract {
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
    protected RunArchive archive() {
        return new JdbcRunArchive(stores.database());
    }
}
