package dev.tandem.run;

import java.time.Duration;

/// An answer read to its end, from the log of its run.
public record WholeAnswer(AnswerBuilder answer, RunEvent.End end) {
    /// A whole answer has no sign of life; its reader looks round now and then.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /// Blocks until the run has ended.
    public static WholeAnswer await(Run run) throws InterruptedException {
        AnswerBuilder answer = new AnswerBuilder();
        RunReader reader = run.log().readAfter(0);
        while (true) {
            for (RunEvent event : reader.next(PATIENCE)) {
                answer.add(event);
                if (event instanceof RunEvent.End end) {
                    return new WholeAnswer(answer, end);
                }
            }
        }
    }
}
