package dev.tandem.storage.jdbc;

import dev.tandem.approval.ApprovalStore;
import dev.tandem.approval.ApprovalStoreContract;
import dev.tandem.approval.ToolRuleStore;
import org.junit.jupiter.api.extension.RegisterExtension;

final class JdbcApprovalStoreTest extends ApprovalStoreContract {
    @RegisterExtension final SqliteStores stores = new SqliteStores();

    @Override
    protected ApprovalStore store() {
        return stores.approvals();
    }

    @Override
    protected ToolRuleStore rules() {
        return stores.toolRules();
    }
}
