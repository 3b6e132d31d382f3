package dev.tandem.storage.jdbc;

import dev.tandem.project.ProjectStore;
import dev.tandem.run.RunStore;
import dev.tandem.session.SessionStore;
import dev.tandem.project.ProjectStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

final class JdbcProjectStoreTest extends ProjectStoreContract {
    @RegisterExtension final SqliteStores stores = new SqliteStores();

    @Override
    protected SessionStore sessions() {
        return stores.sessions();
    }

    @Override
    protected ProjectStore projects() {
        return stores.projects();
    }

    @Override
    protected RunStore runs() {
        return stores.runs();
    }
}
