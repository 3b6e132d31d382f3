package dev.tandem.approval;

import dev.tandem.failure.Failure;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Where approvals are kept. Each is decided once: of two who decide, the database lets one.
public interface ApprovalStore {
    /// Stores an approval that is open.
    ///
    /// @param openMax the most that its tenant may have open
    /// @throws Failure OVERLOADED where there are as many
    void open(Approval approval, CallMark mark, int openMax);

    /// Finds an approval of the same call, asked before a restart: decided and not used, which is
    /// used by this; or open, which becomes this call's. The same call is the same tool with the
    /// same arguments in the same session, or without one in the same run.
    ///
    /// @param fresh what would be opened otherwise
    /// @param claim takes an open one, by its id, unless somebody else has; asked in the
    ///     transaction
    Optional<Approval> takeUp(Approval fresh, CallMark mark, Instant now, Predicate<String> claim);

    Optional<Approval> find(String tenant, String id);

    /// Lists a tenant's approvals, newest first.
    Page<Approval> list(String tenant, ApprovalQuery query, PageRequest page);

    /// Decides an approval that is open, and makes the rule that the decision asks for. One that is
    /// overdue expires instead, unless it is cancelled.
    ///
    /// @param ruleId the id of a rule, where one is made
    /// @param waitedFor whether a call waits for the approval, by its id; asked in the transaction
    /// @return empty where there is no such approval
    Optional<Closed> close(
            String tenant,
            String id,
            Approval.Decision decision,
            String ruleId,
            Predicate<String> waitedFor);

    /// Ends what is overdue, of all tenants.
    List<Approval> expire(Instant now);

    /// Cancels open questions of servers that ended with the server before: all but calls.
    List<Approval> cancelQuestions(Instant now);

    /// Forgets what was decided before a time, of all tenants.
    ///
    /// @return how many
    int forget(Instant before);

    /// An approval that is not open any more.
    ///
    /// @param ours whether it was this attempt that ended it, by decision or by expiry
    record Closed(Approval approval, boolean ours) {}
}
