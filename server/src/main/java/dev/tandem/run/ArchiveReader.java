package dev.tandem.run;

import java.util.ArrayList;
import java.util.List;

/// A reader's place in what is stored of a run. Belongs to one thread and needs no closing.
public final class ArchiveReader {
    private final RunArchive archive;
    private final RunInfo run;
    private long number;

    /// @param after the number of the event to read behind; 0 reads from the beginning
    public ArchiveReader(RunArchive archive, RunInfo run, long after) {
        this.archive = archive;
        this.run = run;
        this.number = after;
    }

    /// Returns the events that follow, in order: some of them, or none where there are no more.
    public List<RunEvent> next() {
        List<RunEvent> events = new ArrayList<>();
        for (RunSegment segment : archive.read(run, number)) {
            int known = (int) Math.max(0, number + 1 - segment.first());
            events.addAll(segment.events().subList(known, segment.events().size()));
            number = segment.last();
        }
        return events;
    }

    /// What all the events that follow say.
    public AnswerBuilder fold() {
        AnswerBuilder answer = new AnswerBuilder();
        for (List<RunEvent> events = next(); !events.isEmpty(); events = next()) {
            events.forEach(answer::add);
        }
        return answer;
    }

    /// The number of the last event that was read.
    public long number() {
        return number;
    }
}
