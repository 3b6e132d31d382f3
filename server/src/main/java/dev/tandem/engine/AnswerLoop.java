package dev.tandem.engine;

import dev.tandem.conversation.FinishReason;
import dev.tandem.provider.ModelEvent;
import dev.tandem.provider.ModelStream;
import dev.tandem.provider.PreparedCall;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// One answer: the model speaks, this server's tools answer its calls, the model speaks again,
/// until it has nothing to call or calls a tool of the client's. Belongs to the run's thread.
final class AnswerLoop {
    private final Run run;
    private final Plan plan;
    private final Planner planner;
    private final ServerTools tools;
    private final Progress progress;
    private final RunBooks books;
    private final Semaphore places;
    private final long deadline;

    AnswerLoop(
            Run run,
            Plan plan,
            Planner planner,
            ServerTools tools,
            Progress progress,
            RunBooks books) {
        this.run = run;
        this.plan = plan;
        this.planner = planner;
        this.tools = tools;
        this.progress = progress;
        this.books = books;
        this.places = tools.places();
        this.deadline = System.nanoTime() + tools.settings().totalMax().toNanos();
    }

    Outcome run() throws InterruptedException {
        ServerTools.Offered offered = tools.offer(plan, Optional.of(run.info().id()));
        offered.offer()
                .warnings()
                .forEach(w -> progress.tell(new RunEvent.Warned(w.server(), w.message())));
        Plan offering = planner.offering(plan, offered);
        PreparedCall call = offering.call();
        for (int step = 1; ; step++) {
            ModelEvent.Finished finished;
            boolean ends;
            try (ToolRound round = tools.round(run, offered, places, progress, books)) {
                TurnCalls calls = new TurnCalls(offered, round, progress, !isLast(step));
                finished = listen(call, calls);
                ends = endsWith(finished, calls, step);
                finished = told(finished, calls);
                round.await(deadline);
            }
            if (ends) {
                return new Outcome.Whole(finished);
            }
            progress.turnBegins(finished);
            call = planner.next(offering, progress.said(), isLast(step + 1));
        }
    }

    /// What the model says, to its end.
    private ModelEvent.Finished listen(PreparedCall call, TurnCalls calls)
            throws InterruptedException {
        try (ModelStream stream = call.open()) {
            while (true) {
                switch (stream.next()) {
                    case ModelEvent.ToolCall begun -> calls.begun(begun);
                    case ModelEvent.ToolArguments more -> calls.arguments(more);
                    case ModelEvent.ToolCallWhole(int index) -> calls.whole(index);
                    case ModelEvent.Finished finished -> {
                        progress.turnEnds(finished);
                        return finished;
                    }
                    case ModelEvent other -> progress.add(other);
                }
            }
        }
    }

    /// Whether the answer ends with this turn; where it does not, all its calls have begun.
    private boolean endsWith(ModelEvent.Finished finished, TurnCalls calls, int step) {
        if (finished.reason() != FinishReason.TOOL_CALLS || isLast(step)) {
            return true;
        }
        calls.allWhole();
        return calls.hasClientCalls() || !calls.hasServerCalls();
    }

    /// A client that has nothing to call is not told to call: the answer was cut off.
    private static ModelEvent.Finished told(ModelEvent.Finished finished, TurnCalls calls) {
        boolean misleads =
                finished.reason() == FinishReason.TOOL_CALLS
                        && calls.hasServerCalls()
                        && !calls.hasClientCalls();
        return misleads ? finished.because(FinishReason.LENGTH) : finished;
    }

    /// Whether the model is asked for the last time: then it has to answer without tools.
    private boolean isLast(int step) {
        return step >= tools.settings().stepsMax() || System.nanoTime() >= deadline;
    }
}
