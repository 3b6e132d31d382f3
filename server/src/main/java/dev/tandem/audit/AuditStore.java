package dev.tandem.audit;

import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import java.time.Instant;

/// Where the log is kept. What a method has returned from is stored for good. Rows are numbered
/// without gaps, in one chain for all tenants.
public interface AuditStore extends AuditRows {
    /// Adds the first row of a call.
    ///
    /// @return its number
    long decided(AuditCall call, Ruling ruling, Instant at);

    /// Adds the second row of a call.
    ///
    /// @param decision the number of the first
    void ended(long decision, AuditCall call, AuditOutcome outcome, Instant at);

    /// Lists a tenant's calls, newest first.
    ///
    /// @param startedAt the last row before this server started: calls up to it that have no
    ///     outcome are lost
    Page<AuditEntry> list(String tenant, AuditQuery query, PageRequest page, long startedAt);
}
