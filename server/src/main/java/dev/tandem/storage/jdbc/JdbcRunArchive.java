package dev.tandem.storage.jdbc;

import dev.tandem.run.RunArchive;
import dev.tandem.run.RunInfo;
import dev.tandem.run.RunSegment;
import java.time.Instant;
import java.util.List;

/// What runs said, in the database.
public final class JdbcRunArchive implements RunArchive {
    private final Database database;

    public JdbcRunArchive(Database database) {
        this.database = database;
    }

    @Override
    public void append(List<RunSegment> segments) {
        int _ =
                database.write(
                        transaction -> {
                            for (RunSegment segment : segments) {
                                RunEventRows.insert(transaction, segment);
                            }
                            return segments.size();
                        });
    }

    @Override
    public List<RunSegment> read(RunInfo run, long after) {
        return database.read(transaction -> RunEventRows.read(transaction, run, after));
    }

    @Override
    public int forget(Instant endedBefore) {
        return database.write(transaction -> RunEventRows.forget(transaction, endedBefore));
    }
}
