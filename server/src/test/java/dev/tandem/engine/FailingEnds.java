package dev.tandem.engine;

import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.run.RunQuery;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunSegment;
import dev.tandem.run.RunState;
import dev.tandem.run.RunStore;
import dev.tandem.session.StoredMessage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A store that fails to store the next few ends.
///
/// @param left how many
record FailingEnds(RunStore store, AtomicInteger left) implements RunStore {
    @Override
    public void finish(
            RunRecord run,
            List<StoredMessage> answers,
            boolean forgetQuestions,
            Optional<RunSegment> rest) {
        if (left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new IllegalStateException("the disk is full");
        }
        store.finish(run, answers, forgetQuestions, rest);
    }

    @Override
    public void begin(RunRecord run, List<StoredMessage> questions, Optional<String> title) {
        store.begin(run, questions, title);
    }

    @Override
    public void queue(RunRecord run) {
        store.queue(run);
    }

    @Override
    public void stand(String tenant, String id, RunState state) {
        store.stand(tenant, id, state);
    }

    @Override
    public Optional<RunRecord> findByKey(String tenant, String key) {
        return store.findByKey(tenant, key);
    }

    @Override
    public Optional<RunRecord> find(String tenant, String id) {
        return store.find(tenant, id);
    }

    @Override
    public Optional<RunRecord> latestOf(String tenant, String sessionId) {
        return store.latestOf(tenant, sessionId);
    }

    @Override
    public int beginEpoch() {
        return store.beginEpoch();
    }

    @Override
    public List<RunRecord> unfinished() {
        return store.unfinished();
    }

    @Override
    public Page<RunRecord> list(String tenant, RunQuery query, PageRequest page) {
        return store.list(tenant, query, page);
    }
}
