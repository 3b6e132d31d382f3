package dev.tandem.run;

import java.util.Optional;

/// Where in a run's log a reader stands: behind the event of this number. The epoch tells the
/// events of a server's life from those of the next: a client may have seen more than was stored
/// when the server was killed, and what gets these numbers later is something else.
///
/// @param runId the run
/// @param epoch the life of the server in which the event happened, from 1
/// @param number the event's number in its run, from 1
public record RunCursor(String runId, int epoch, long number) {
    private static final int RADIX = 36;
    private static final int PARTS = 3;

    /// The cursor as clients keep it, to whom it means nothing.
    public String text() {
        return runId.substring(runId.indexOf('_') + 1)
                + '.'
                + Integer.toString(epoch, RADIX)
                + '.'
                + Long.toString(number, RADIX);
    }

    /// Reads what a client hands back; empty where it is no cursor.
    public static Optional<RunCursor> parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        try {
            int epoch = Integer.parseInt(parts[1], RADIX);
            long number = Long.parseLong(parts[2], RADIX);
            return epoch > 0 && number > 0 && !parts[0].isEmpty()
                    ? Optional.of(new RunCursor("run_" + parts[0], epoch, number))
                    : Optional.empty();
        } catch (NumberFormatException foreign) {
            return Optional.empty();
        }
    }
}
