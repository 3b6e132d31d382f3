package dev.tandem.engine;

import dev.tandem.catalog.Model;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Message.Original;
import dev.tandem.conversation.Usage;
import dev.tandem.provider.ModelEvent;
import dev.tandem.run.AnswerBuilder;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.Bill;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// How a run ends, and what its session keeps of it.
///
/// @param end the last event
/// @param original a whole answer in the provider's own form
/// @param forgetsQuestions whether the session forgets what was asked: nothing came of it
record Ending(RunEvent.End end, Optional<Original> original, boolean forgetsQuestions) {

    static Ending of(Outcome outcome, Optional<Run.Stop> stop, Progress progress, Model model) {
        return switch (outcome) {
            case Outcome.Whole(ModelEvent.Finished finished) ->
                    whole(finished, progress.usage(), model);
            case Outcome.Broken(var failure) when stop.isEmpty() ->
                    new Ending(
                            new RunEvent.Failed(failure, bill(progress.usage(), model)),
                            Optional.empty(),
                            progress.answer().isEmpty());
            case Outcome.Broken _, Outcome.Stopped _ ->
                    new Ending(
                            stopped(stop, bill(progress.usage(), model)), Optional.empty(), false);
        };
    }

    private static Ending whole(ModelEvent.Finished finished, Usage usage, Model model) {
        return new Ending(
                new RunEvent.Completed(
                        finished.reason(),
                        finished.stopSequence(),
                        finished.refusal(),
                        Optional.empty(),
                        bill(usage, model)),
                finished.original(),
                false);
    }

    private static RunEvent.End stopped(Optional<Run.Stop> stop, Bill bill) {
        return stop.equals(Optional.of(Run.Stop.SHUTDOWN))
                ? new RunEvent.Interrupted(bill)
                : new RunEvent.Cancelled(bill);
    }

    private static Bill bill(Usage usage, Model model) {
        OptionalLong cost =
                model.price().map(price -> price.cost(usage)).orElse(OptionalLong.empty());
        return new Bill(usage, cost, model.price().map(Object::toString));
    }

    /// The messages that the session keeps.
    List<Message> messages(AnswerBuilder answer) {
        if (end instanceof RunEvent.Completed completed) {
            answer.add(completed);
            return answer.messages(original);
        }
        return answer.fragments();
    }

    /// The same end, naming the message that the session keeps.
    RunEvent.End withMessage(Optional<String> id) {
        return end instanceof RunEvent.Completed done
                ? new RunEvent.Completed(
                        done.reason(), done.stopSequence(), done.refusal(), id, done.bill())
                : end;
    }
}
