package dev.tandem.audit;

import java.util.List;

/// The log's rows as they are stored, for those who check them.
public interface AuditRows {
    /// Where the log says that it ends.
    AuditHead head();

    /// Some rows in order.
    ///
    /// @param after the number before the first
    List<ChainedRow> rows(long after, int limit);
}
