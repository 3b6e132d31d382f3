package dev.tandem.toolbox;

import dev.tandem.audit.AuditCall;
import dev.tandem.audit.AuditEntry;
import dev.tandem.audit.AuditHead;
import dev.tandem.audit.AuditOutcome;
import dev.tandem.audit.AuditQuery;
import dev.tandem.audit.AuditStore;
import dev.tandem.audit.ChainedRow;
import dev.tandem.audit.Ruling;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Numbers rows and keeps none.
final class ForgetfulAudit implements AuditStore {
    private final AtomicLong rows = new AtomicLong();

    @Override
    public long decided(AuditCall call, Ruling ruling, Instant at) {
        return rows.incrementAndGet();
    }

    @Override
    public void ended(long decision, AuditCall call, AuditOutcome outcome, Instant at) {
        long _ = rows.incrementAndGet();
    }

    @Override
    public Page<AuditEntry> list(
            String tenant, AuditQuery query, PageRequest page, long startedAt) {
        return new Page<>(List.of(), Optional.empty());
    }

    @Override
    public AuditHead head() {
        return AuditHead.NONE;
    }

    @Override
    public List<ChainedRow> rows(long after, int limit) {
        return List.of();
    }
}
