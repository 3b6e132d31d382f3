package dev.tandem.engine;

import dev.tandem.conversation.Message;
import dev.tandem.conversation.Usage;
import dev.tandem.provider.ModelEvent;
import dev.tandem.run.AnswerBuilder;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import java.util.List;
import java.util.Optional;

/// How far an answer has come: writes what happens into the run's log and keeps the sum. The model
/// and the tools speak at once, each on a thread of its own.
final class Progress {
    private final Run run;
    private final AnswerBuilder answer;
    private final RunClock watch;

    /// Of the turns before.
    private Usage earlier = Usage.NONE;

    private Usage usage = Usage.NONE;
    private long characters;
    private int step = 1;

    /// Whether the next text stands after that of another turn.
    private boolean afterText;

    private boolean ended;

    Progress(Run run, AnswerBuilder answer, RunClock watch) {
        this.run = run;
        this.answer = answer;
        this.watch = watch;
    }

    /// What came of it, once [#end] was called.
    AnswerBuilder answer() {
        return answer;
    }

    /// The messages of the turns before.
    synchronized List<Message> said() {
        return answer.messagesBefore();
    }

    /// What was used so far. Providers count output at its end only, so that of a turn which was
    /// cut off is estimated where they have counted less.
    synchronized Usage usage() {
        return earlier.plus(usage.withOutputAtLeast(TokenEstimate.ofCharacters(characters)));
    }

    /// Takes what the model says, but for its calls and its end.
    synchronized void add(ModelEvent event) {
        switch (event) {
            case ModelEvent.Text(String text) -> text(text);
            case ModelEvent.Reasoning(String text) -> say(new RunEvent.Reasoning(text), text);
            case ModelEvent.ProviderToolUse use ->
                    say(
                            new RunEvent.ToolUse(use.id(), use.name(), use.inputJson()),
                            use.inputJson());
            case ModelEvent.ProviderToolResult result ->
                    say(
                            new RunEvent.ToolResult(
                                    result.id(),
                                    result.name(),
                                    result.content(),
                                    List.of(),
                                    result.failed(),
                                    Optional.empty()),
                            "");
            case ModelEvent.UsageSoFar(Usage soFar) -> usage = soFar;
            case ModelEvent.ToolCall _,
                    ModelEvent.ToolArguments _,
                    ModelEvent.ToolCallWhole _,
                    ModelEvent.Finished _ ->
                    throw new IllegalArgumentException("not to be told as it is: " + event);
        }
    }

    private void text(String text) {
        String shown = afterText ? RunEvent.TURN_BREAK + text : text;
        afterText = false;
        say(new RunEvent.Text(shown), text);
    }

    /// Tells something that the model has written.
    ///
    /// @param output what of the event the model has written
    synchronized void say(RunEvent event, String output) {
        characters += output.length();
        tell(event);
        if (!ended) {
            watch.output();
        }
    }

    /// Tells something else. What comes after the end is told to nobody.
    synchronized void tell(RunEvent event) {
        if (!ended) {
            run.log().append(event);
            answer.add(event);
        }
    }

    /// The model has said all that it says in this turn.
    synchronized void turnEnds(ModelEvent.Finished finished) {
        completeArguments();
        usage = finished.usage();
        characters = 0;
    }

    /// Ends the calls of a model that has finished. Clients read the arguments as JSON, which no
    /// text at all is not; it is said in the log, so that whoever comes back reads the same.
    private void completeArguments() {
        for (int index : answer.callsWithoutArguments()) {
            say(new RunEvent.ToolArguments(index, "{}"), "");
        }
    }

    /// The model is asked again.
    synchronized void turnBegins(ModelEvent.Finished before) {
        step++;
        tell(new RunEvent.TurnStarted(step, before.usage(), before.original()));
        earlier = earlier.plus(before.usage());
        usage = Usage.NONE;
        afterText = answer.hasText();
    }

    /// What follows is told to nobody.
    synchronized void end() {
        ended = true;
    }
}
