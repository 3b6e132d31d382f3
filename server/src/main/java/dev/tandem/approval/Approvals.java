package dev.tandem.approval;

import dev.tandem.approval.Approval.Decision;
import dev.tandem.approval.Approval.Remember;
import dev.tandem.approval.Approval.State;
import dev.tandem.approval.ApprovalStore.Closed;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.id.Ids;
import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks people and waits for them; takes what they decide. Each approval is decided once, in the
/// database; the call that waits in this process hears of it at once. One that nobody waits for,
/// after a restart, is taken up by the next call that is the same.
///
/// Safe for use by many threads.
public final class Approvals {
    private static final Logger LOG = LoggerFactory.getLogger(Approvals.class);
    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    private final ApprovalStore store;
    private final ApprovalSettings settings;
    private final Ids ids;
    private final InstantSource clock;
    private final ApprovalFeed feed;
    private final ConcurrentMap<String, Waiter> waiters = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    /// @param feed told of every approval
    public Approvals(
            ApprovalStore store,
            ApprovalSettings settings,
            Ids ids,
            InstantSource clock,
            ApprovalFeed feed) {
        this.store = store;
        this.settings = settings;
        this.ids = ids;
        this.clock = clock;
        this.feed = feed;
    }

    /// Puts in order what the server before left: what is overdue expires, questions of servers
    /// that are gone are cancelled, and what is old is forgotten. Calls stay open, for people to
    /// decide and for the same call to take up. To be called once, before anything is asked.
    public void recover() {
        Instant now = clock.instant();
        sweep();
        store.cancelQuestions(now).forEach(this::settle);
        int old = store.forget(now.minus(settings.retention()));
        LOG.debug("{} old approvals were forgotten", old);
    }

    /// The server stops. From now on an interrupt leaves a call's approval open, so that people can
    /// decide after the restart.
    public void letGo() {
        stopping = true;
    }

    /// Asks and blocks until it is decided, or overdue. An interrupt cancels the approval.
    ///
    /// @param caller told besides the feed; not at all where an earlier decision counts for this
    /// @return the approval, decided
    /// @throws Failure OVERLOADED where too many are open
    public Approval ask(Inquiry inquiry, ApprovalFeed caller) throws InterruptedException {
        Waiter waiter = new Waiter();
        Approval fresh = fresh(inquiry);
        try {
            Optional<Approval> earlier = takeUp(inquiry, fresh, waiter);
            if (earlier.isPresent() && isClosed(earlier.get())) {
                return earlier.get();
            }
            if (earlier.isEmpty()) {
                claim(fresh.id(), waiter);
                store.open(fresh, inquiry.mark(), settings.openMax());
            }
            return await(earlier.orElse(fresh), waiter, caller);
        } finally {
            waiter.told();
            waiters.remove(waiter.id(), waiter);
        }
    }

    private Optional<Approval> takeUp(Inquiry inquiry, Approval fresh, Waiter waiter) {
        return inquiry.request() instanceof Approval.Request.Call
                ? store.takeUp(fresh, inquiry.mark(), clock.instant(), id -> claim(id, waiter))
                : Optional.empty();
    }

    private boolean claim(String id, Waiter waiter) {
        boolean free = waiters.putIfAbsent(id, waiter) == null;
        if (free) {
            waiter.waitsFor(id);
        }
        return free;
    }

    private Approval await(Approval open, Waiter waiter, ApprovalFeed caller)
            throws InterruptedException {
        try {
            feed.asked(open);
            waiter.told();
            caller.asked(open);
            Approval closed = decision(open, waiter);
            caller.decided(closed);
            return closed;
        } catch (InterruptedException | RuntimeException stop) {
            waiter.told();
            if (!stopping || !(open.request() instanceof Approval.Request.Call)) {
                cancel(open.tenant(), open.id()).ifPresent(caller::decided);
            }
            throw stop;
        }
    }

    private Approval decision(Approval open, Waiter waiter) throws InterruptedException {
        while (true) {
            Duration left = Duration.between(clock.instant(), open.expiresAt());
            boolean overdue = !left.isPositive();
            if (overdue) {
                sweep();
            }
            Optional<Approval> decided = waiter.await(overdue ? A_MOMENT : left);
            if (decided.isPresent()) {
                return decided.get();
            }
            if (overdue) {
                decided = store.find(open.tenant(), open.id()).filter(Approvals::isClosed);
            }
            if (decided.isPresent()) {
                return decided.get();
            }
        }
    }

    private static boolean isClosed(Approval approval) {
        return approval.state() != State.PENDING;
    }

    /// Decides an approval.
    ///
    /// @return the approval as it is now: decided by this, or in the same way by somebody before
    /// @throws Failure NOT_FOUND; INVALID_REQUEST where the answer does not fit the question;
    ///     CONFLICT where it was decided otherwise, saying how
    public Approval resolve(String tenant, String id, Answer answer) {
        Approval known = find(tenant, id).orElseThrow(() -> absent(id));
        Answers.check(known, answer);
        State state = answer.allow() ? State.ALLOWED : State.DENIED;
        Decision decision =
                new Decision(
                        state,
                        Optional.of(answer.by()),
                        answer.remember(),
                        answer.contentJson(),
                        answer.note(),
                        clock.instant());
        Closed closed = close(tenant, id, decision).orElseThrow(() -> absent(id));
        if (closed.approval().state() != state) {
            throw new Failure(FailureCode.CONFLICT, stands(closed.approval())).at("decision");
        }
        return closed.approval();
    }

    private Optional<Closed> close(String tenant, String id, Decision decision) {
        Optional<Closed> closed =
                store.close(tenant, id, decision, ids.rule(), waiters::containsKey);
        closed.filter(Closed::ours).map(Closed::approval).ifPresent(this::settle);
        return closed;
    }

    /// Ends an approval that nobody has decided, for nobody wants to know any more.
    ///
    /// @return the approval as it is now; empty where there is none
    public Optional<Approval> cancel(String tenant, String id) {
        return close(tenant, id, ended(State.CANCELLED)).map(Closed::approval);
    }

    /// Ends every open approval of a run that is over.
    public void cancelRun(String tenant, String runId) {
        ApprovalQuery open =
                new ApprovalQuery(Optional.of(State.PENDING), Optional.empty(), Optional.of(runId));
        PageRequest some = new PageRequest(PageRequest.SIZE_MAX, Optional.empty());
        List<Approval> left = store.list(tenant, open, some).items();
        while (!left.isEmpty()) {
            left.forEach(approval -> cancel(tenant, approval.id()));
            left = store.list(tenant, open, some).items();
        }
    }

    /// Lets expire what is overdue.
    public void sweep() {
        store.expire(clock.instant()).forEach(this::settle);
    }

    public Optional<Approval> find(String tenant, String id) {
        Optional<Approval> found = store.find(tenant, id);
        if (found.filter(this::isOverdue).isEmpty()) {
            return found;
        }
        sweep();
        return store.find(tenant, id);
    }

    /// Lists a tenant's approvals, newest first.
    public Page<Approval> list(String tenant, ApprovalQuery query, PageRequest page) {
        Page<Approval> found = store.list(tenant, query, page);
        if (found.items().stream().noneMatch(this::isOverdue)) {
            return found;
        }
        sweep();
        return store.list(tenant, query, page);
    }

    /// Wakes the call that waits, and tells the feed.
    private void settle(Approval closed) {
        Waiter waiter = waiters.get(closed.id());
        if (waiter != null) {
            waiter.awaitTold();
        }
        try {
            feed.decided(closed);
        } finally {
            if (waiter != null) {
                waiter.decide(closed);
            }
        }
    }

    private boolean isOverdue(Approval approval) {
        return !isClosed(approval) && !clock.instant().isBefore(approval.expiresAt());
    }

    private Approval fresh(Inquiry inquiry) {
        Instant now = clock.instant();
        return new Approval(
                ids.approval(),
                inquiry.scope().tenant(),
                inquiry.scope().keyName(),
                inquiry.scope().projectId(),
                inquiry.scope().sessionId(),
                inquiry.scope().runId(),
                inquiry.scope().runId().map(_ -> inquiry.callId()),
                inquiry.server(),
                inquiry.tool(),
                inquiry.argumentsJson(),
                inquiry.request(),
                now,
                now.plus(settings.timeout()),
                Optional.empty());
    }

    private Decision ended(State state) {
        return new Decision(
                state,
                Optional.empty(),
                Remember.ONCE,
                Optional.empty(),
                Optional.empty(),
                clock.instant());
    }

    private static String stands(Approval approval) {
        String how =
                switch (approval.state()) {
                    case ALLOWED -> "was allowed by " + by(approval);
                    case DENIED -> "was denied by " + by(approval);
                    case EXPIRED -> "has expired, which denies it";
                    case CANCELLED -> "was cancelled with its call";
                    case PENDING -> "is open";
                };
        return "The approval " + approval.id() + " " + how + "; this changes nothing.";
    }

    private static String by(Approval approval) {
        return "the key " + approval.decision().flatMap(Decision::by).orElse("of somebody");
    }

    private static Failure absent(String id) {
        return Failure.notFound("approval_id", "There is no approval " + id + ".");
    }
}
