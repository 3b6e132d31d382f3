package dev.tandem.toolbox;

import dev.tandem.audit.AuditCall;
import dev.tandem.audit.AuditEntry;
import dev.tandem.audit.AuditHead;
import dev.tandem.audit.AuditOutcome;
import dev.tandem.audit.AuditQuery;
import dev.tandem.audit.AuditStore;
import dev.tandem.audit.ChainedRow;
import dev.tandem.audit.Ruling;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import java.time.Instant;
import java.util.List;

/// A store of the audit log on a full disk.
record UnwritableAudit(AuditStore store) implements AuditStore {
    @Override
    public long decided(AuditCall call, Ruling ruling, Instant at) {
        throw new Failure(FailureCode.INTERNAL, "The disk is full.");
    }

    @Override
    public void ended(long decision, AuditCall call, AuditOutcome outcome, Instant at) {
        throw new Failure(FailureCode.INTERNAL, "The disk is full.");
    }

    @Override
    public Page<AuditEntry> list(
            String tenant, AuditQuery query, PageRequest page, long startedAt) {
        return store.list(tenant, query, page, startedAt);
    }

    @Override
    public AuditHead head() {
        return store.head();
    }

    @Override
    public List<ChainedRow> rows(long after, int limit) {
        return store.rows(after, limit);
    }
}
