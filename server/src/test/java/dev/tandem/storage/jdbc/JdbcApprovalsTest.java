package dev.tandem.storage.jdbc;

import dev.tandem.approval.ApprovalStore;
import dev.tandem.approval.ApprovalsContract;
import org.junit.jupiter.api.extension.RegisterExtension;

final class JdbcApprovalsTest extends ApprovalsContract {
    @RegisterExtension final SqliteStores stores = new SqliteStores();

    @Override
    protected ApprovalStore store() {
        return stores.approvals();
    }
}
