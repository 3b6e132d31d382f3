package dev.tandem.watch;

import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.run.RunQuery;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunSegment;
import dev.tandem.run.RunState;
import dev.tandem.run.RunStore;
import dev.tandem.run.Runs;
import dev.tandem.session.StoredMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs as another store keeps them; the watchers of their sessions are told of every beginning and
/// end, and of the messages that came of it.
public final class WatchedRunStore implements RunStore {
    private final RunStore store;
    private final Runs live;
    private final SessionFeed feed;

    /// @param live knows a run when it is stored, and until it has ended
    public WatchedRunStore(RunStore store, Runs live, SessionFeed feed) {
        this.store = store;
        this.live = live;
        this.feed = feed;
    }

    @Override
    public void begin(RunRecord run, List<StoredMessage> questions, Optional<String> title) {
        tell(run, () -> store.begin(run, questions, title), began(run, questions));
    }

    private List<SessionNews> began(RunRecord run, List<StoredMessage> questions) {
        List<SessionNews> news = new ArrayList<>();
        if (!questions.isEmpty()) {
            news.add(new SessionNews.Stored(questions));
        }
        live.find(run.info().tenant(), run.info().id())
                .map(SessionNews.RunBegan::new)
                .ifPresent(news::add);
        news.add(new SessionNews.Changed());
        return news;
    }

    /// A run that could not be stored has ended nevertheless.
    @Override
    public void finish(
            RunRecord run,
            List<StoredMessage> answers,
            boolean forgetQuestions,
            Optional<RunSegment> rest) {
        String id = run.info().id();
        try {
            tell(
                    run,
                    () -> store.finish(run, answers, forgetQuestions, rest),
                    List.of(new SessionNews.RunEnded(id, answers), new SessionNews.Changed()));
        } catch (RuntimeException broken) {
            tell(run, () -> {}, List.of(new SessionNews.RunEnded(id, List.of())));
            throw broken;
        }
    }

    private void tell(RunRecord run, Runnable work, List<SessionNews> news) {
        Optional<String> session = run.info().sessionId();
        if (session.isEmpty()) {
            work.run();
            return;
        }
        boolean _ =
                feed.tell(
                        run.info().tenant(),
                        session.get(),
                        () -> {
                            work.run();
                            return true;
                        },
                        _ -> news);
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
    public void queue(RunRecord run) {
        tell(run, () -> store.queue(run), began(run, List.of()));
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
    public Page<RunRecord> list(String tenant, RunQuery query, PageRequest page) {
        return store.list(tenant, query, page);
    }

    @Override
    public int beginEpoch() {
        return store.beginEpoch();
    }

    @Override
    public List<RunRecord> unfinished() {
        return store.unfinished();
    }
}
