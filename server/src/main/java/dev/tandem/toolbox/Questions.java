package dev.tandem.toolbox;

import dev.tandem.approval.Approval;
import dev.tandem.approval.Approval.Request;
import dev.tandem.approval.ApprovalFeed;
import dev.tandem.approval.Approvals;
import dev.tandem.approval.Inquiry;
import dev.tandem.failure.Failure;
import dev.tandem.tool.ToolProgress;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import dev.tandem.tool.ToolReply.Action;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolWatcher;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the server of one call wants to know: answered by the caller, or else by people. While it
/// is asked, the call's clock stands still. Once the call has ended nothing is asked any more.
final class Questions implements ToolWatcher {
    /// The most questions of one call that are open at once; further ones are declined.
    private static final int OPEN_MAX = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Questions.class);

    private final Approvals approvals;
    private final Optional<Sampler> sampler;
    private final ToolScope scope;
    private final Function<Request, Inquiry> inquiry;
    private final SerialWatcher watcher;
    private final CallClock clock;
    private final Set<String> open = new HashSet<>();
    private int asking;
    private boolean ended;

    /// @param scope for whom the call is made
    /// @param inquiry how people are asked about the call
    Questions(
            Approvals approvals,
            Optional<Sampler> sampler,
            ToolScope scope,
            Function<Request, Inquiry> inquiry,
            SerialWatcher watcher,
            CallClock clock) {
        this.approvals = approvals;
        this.sampler = sampler;
        this.scope = scope;
        this.inquiry = inquiry;
        this.watcher = watcher;
        this.clock = clock;
    }

    @Override
    public void progress(ToolProgress news) {
        watcher.progress(news);
    }

    @Override
    public void log(String level, Optional<String> logger, String dataJson) {
        watcher.log(level, logger, dataJson);
    }

    @Override
    public ToolReply ask(ToolQuestion question) throws InterruptedException {
        return ask(question, () -> watcher.answer(question));
    }

    @Override
    public ToolReply ask(String name, ToolQuestion question) throws InterruptedException {
        return ask(question, () -> watcher.answer(name, question));
    }

    /// What the caller answers by itself.
    private interface Own {
        Optional<ToolReply> answer() throws InterruptedException;
    }

    private ToolReply ask(ToolQuestion question, Own caller) throws InterruptedException {
        if (!begin()) {
            return ToolReply.DECLINED;
        }
        clock.pause();
        try {
            Optional<ToolReply> own = caller.answer();
            return own.isPresent() ? own.get() : askPeople(question);
        } catch (Failure failed) {
            LOG.warn("a server's question was not answered: {}", failed.text());
            return ToolReply.CANCELLED;
        } finally {
            clock.resume();
            done();
        }
    }

    private synchronized boolean begin() {
        boolean free = !ended && asking < OPEN_MAX;
        asking += free ? 1 : 0;
        return free;
    }

    private synchronized void done() {
        asking--;
    }

    private ToolReply askPeople(ToolQuestion question) throws InterruptedException {
        if (question instanceof ToolQuestion.Sampling && sampler.isEmpty()) {
            return ToolReply.DECLINED;
        }
        Approval closed = approvals.ask(inquiry.apply(request(question)), new Followed());
        return switch (closed.state()) {
            case ALLOWED -> accepted(question, closed);
            case DENIED -> ToolReply.DECLINED;
            case PENDING, EXPIRED, CANCELLED -> ToolReply.CANCELLED;
        };
    }

    private ToolReply accepted(ToolQuestion question, Approval closed) throws InterruptedException {
        return new ToolReply(
                Action.ACCEPT,
                switch (question) {
                    case ToolQuestion.Form _ ->
                            closed.decision().flatMap(Approval.Decision::contentJson);
                    case ToolQuestion.Page _ -> Optional.empty();
                    case ToolQuestion.Sampling(String _, String params) ->
                            Optional.of(sampler.orElseThrow().sample(scope, params));
                });
    }

    private static Request request(ToolQuestion question) {
        return switch (question) {
            case ToolQuestion.Form(String message, String schema) ->
                    new Request.Form(message, schema);
            case ToolQuestion.Page(String message, String url, String _) ->
                    new Request.Page(message, url);
            case ToolQuestion.Sampling(String message, String params) ->
                    new Request.Sampling(message, params);
        };
    }

    /// The call has ended: what is open is cancelled.
    void end() {
        Set<String> left;
        synchronized (this) {
            ended = true;
            left = Set.copyOf(open);
        }
        left.forEach(this::cancel);
    }

    private void cancel(String id) {
        try {
            approvals.cancel(scope.tenant(), id);
        } catch (Failure failed) {
            LOG.warn("the question {} could not be cancelled: {}", id, failed.text());
        }
    }

    private synchronized boolean opened(String id) {
        open.add(id);
        return !ended;
    }

    private synchronized void closed(String id) {
        open.remove(id);
    }

    /// Keeps count of the questions that people have.
    private final class Followed implements ApprovalFeed {
        @Override
        public void asked(Approval asked) {
            if (opened(asked.id())) {
                watcher.asked(asked);
            } else {
                cancel(asked.id());
            }
        }

        @Override
        public void decided(Approval decided) {
            closed(decided.id());
            watcher.decided(decided);
        }
    }
}
