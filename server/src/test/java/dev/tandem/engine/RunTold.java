package dev.tandem.engine;

import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What the log of a run tells.
final class RunTold {
    private static final Duration LONG = Duration.ofSeconds(10);

    private RunTold() {}

    /// Every event, to the end.
    static List<RunEvent> events(Run run) throws InterruptedException {
        List<RunEvent> events = new ArrayList<>();
        RunReader reader = run.log().readAfter(0);
        while (events.isEmpty() || !(events.getLast() instanceof RunEvent.End)) {
            events.addAll(reader.next(LONG));
        }
        return events;
    }

    /// The text of some events.
    static String text(List<RunEvent> events) {
        StringBuilder text = new StringBuilder();
        for (RunEvent event : events) {
            if (event instanceof RunEvent.Text(String more)) {
                text.append(more);
            }
        }
        return text.toString();
    }
}
