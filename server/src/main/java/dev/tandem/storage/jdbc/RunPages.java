package dev.tandem.storage.jdbc;

import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.page.PageToken;
import dev.tandem.run.RunQuery;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lists of runs, page by page.
final class RunPages {
    private RunPages() {}

    static Page<RunRecord> page(
            Transaction transaction, String tenant, RunQuery query, PageRequest page)
            throws SQLException {
        StringBuilder sql = new StringBuilder(RunRows.SELECT);
        List<Object> values = new ArrayList<>(List.of(tenant));
        Optional<String> session = query.sessionId();
        if (session.isPresent()) {
            sql.append(" AND session_id = ?");
            values.add(session.get());
        }
        Optional<RunState> state = query.state();
        if (state.isPresent()) {
            sql.append(" AND state = ?").append(asIndexed(state.get()));
            values.add(state.get().word());
        }
        Optional<PageToken> after = page.after();
        if (after.isPresent()) {
            sql.append(" AND id < ?");
            values.add(after.get().lastId());
        }
        sql.append(" ORDER BY id DESC LIMIT ?");
        values.add(page.size() + 1);
        List<RunRecord> rows = transaction.all(sql.toString(), RunRows::read, values.toArray());
        return Page.of(rows, page.size(), query.list(), run -> run.info().id());
    }

    /// What the state implies, in the words of the partial index that has these runs; without them
    /// it is not used.
    private static String asIndexed(RunState state) {
        return state == RunState.COMPLETED ? "" : " AND state <> 'completed'";
    }
}
