package dev.tandem.service;

import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.rpc.Call;
import dev.tandem.run.RunQuery;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunState;
import dev.tandem.run.RunStore;
import dev.tandem.run.Runs;
import dev.tandem.v1.ListRunsRequest;
import dev.tandem.v1.ListRunsResponse;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/// Serves the list of runs: those of sessions from their beginning, those without a session too
/// while they are in progress, though they are stored only when they have ended. One that is cut
/// off by a killed server before that is on no list.
final class RunList {
    private final Runs runs;
    private final RunStore store;

    RunList(Runs runs, RunStore store) {
        this.runs = runs;
        this.store = store;
    }

    ListRunsResponse page(Call call, ListRunsRequest request) {
        RunQuery query =
                new RunQuery(
                        Fields.text(request.hasSessionId(), request.getSessionId()),
                        Fields.text(request.hasState(), request.getState()).map(RunList::state));
        PageRequest page =
                PageRequest.of(
                        Fields.number(request.hasPageSize(), request.getPageSize()),
                        Fields.text(request.hasPageToken(), request.getPageToken()),
                        query.list());
        // in this order a run that ends meanwhile is in both, not in neither
        List<RunRecord> passing = passing(call.tenant(), query, page);
        Page<RunRecord> found = merge(passing, store.list(call.tenant(), query, page), query, page);
        ListRunsResponse.Builder answer =
                ListRunsResponse.newBuilder().setHasMore(found.next().isPresent());
        found.items().forEach(run -> answer.addData(RunWire.run(run)));
        found.next().map(PageToken::text).ifPresent(answer::setNextPageToken);
        return answer.build();
    }

    private static RunState state(String word) {
        return RunState.valueOf(word.toUpperCase(Locale.ROOT));
    }

    /// The runs in progress that are not stored yet, from where the page begins.
    private List<RunRecord> passing(String tenant, RunQuery query, PageRequest page) {
        return runs.of(tenant).stream()
                .map(RunLookup::record)
                .filter(run -> run.info().sessionId().isEmpty())
                .filter(query::matches)
                .filter(run -> isAfter(run, page.after()))
                .toList();
    }

    private static boolean isAfter(RunRecord run, Optional<PageToken> token) {
        return token.map(place -> run.info().id().compareTo(place.lastId()) < 0).orElse(true);
    }

    private static Page<RunRecord> merge(
            List<RunRecord> passing, Page<RunRecord> stored, RunQuery query, PageRequest page) {
        if (passing.isEmpty()) {
            return stored;
        }
        TreeMap<String, RunRecord> newestFirst = new TreeMap<>(Collections.reverseOrder());
        passing.forEach(run -> newestFirst.put(run.info().id(), run));
        stored.items().forEach(run -> newestFirst.put(run.info().id(), run));
        List<RunRecord> items = newestFirst.values().stream().limit(page.size()).toList();
        boolean more = newestFirst.size() > page.size() || stored.next().isPresent();
        return new Page<>(
                items,
                more
                        ? Optional.of(new PageToken(query.list(), items.getLast().info().id()))
                        : Optional.empty());
    }
}
