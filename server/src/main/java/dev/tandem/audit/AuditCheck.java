package dev.tandem.audit;

import java.util.List;
import java.util.Optional;

/// Reads the whole log and finds the first row that is not as it was written. What it cannot find:
/// a log that was written anew from some row on, head included. Whoever fears that notes the head
/// down elsewhere and hands it in as an anchor.
public final class AuditCheck {
    private static final int ROWS_PER_ROUND = 1_000;

    private final AuditRows rows;
    private final Optional<AuditHead> anchor;
    private AuditHead last = AuditHead.NONE;

    /// @param anchor a head of former days that must still be in the chain
    public AuditCheck(AuditRows rows, Optional<AuditHead> anchor) {
        this.rows = rows;
        this.anchor = anchor;
    }

    /// What was found.
    ///
    /// @param head the last good row
    /// @param problem what is wrong after it; empty where nothing is
    public record Result(AuditHead head, Optional<Problem> problem) {}

    /// What is wrong.
    ///
    /// @param seq the first row that is not as it was written
    public record Problem(long seq, String why) {}

    /// Reads until the end. Rows that are added meanwhile are read, too.
    public Result run() {
        while (true) {
            List<ChainedRow> some = rows.rows(last.seq(), ROWS_PER_ROUND);
            for (ChainedRow row : some) {
                Optional<String> wrong = wrong(row);
                if (wrong.isPresent()) {
                    return broken(last.seq() + 1, wrong.get());
                }
                last = new AuditHead(row.seq(), row.hash());
            }
            if (some.isEmpty()) {
                AuditHead head = rows.head();
                if (head.seq() <= last.seq() || rows.rows(last.seq(), 1).isEmpty()) {
                    return end(head);
                }
            }
        }
    }

    private Optional<String> wrong(ChainedRow row) {
        if (row.seq() != last.seq() + 1) {
            return Optional.of("it is missing; the next row is " + row.seq());
        }
        if (!row.previousHash().equals(last.hash())) {
            return Optional.of("it does not follow the row before it");
        }
        if (!row.hash().equals(ChainedRow.hash(row.previousHash(), row.cells()))) {
            return Optional.of("it was changed");
        }
        boolean strays =
                anchor.filter(a -> a.seq() == row.seq())
                        .map(a -> !a.hash().equals(row.hash()))
                        .orElse(false);
        return strays ? Optional.of("it is not the row of the anchor") : Optional.empty();
    }

    private Result end(AuditHead head) {
        if (head.seq() > last.seq()) {
            return broken(last.seq() + 1, "it is missing; the log should end at " + head.seq());
        }
        if (!head.equals(last)) {
            return broken(head.seq() + 1, "the log's head does not know it");
        }
        if (anchor.isPresent() && anchor.get().seq() > last.seq()) {
            return broken(last.seq() + 1, "it is missing; the anchor is " + anchor.get().seq());
        }
        return new Result(last, Optional.empty());
    }

    private Result broken(long seq, String why) {
        return new Result(last, Optional.of(new Problem(seq, why)));
    }
}
