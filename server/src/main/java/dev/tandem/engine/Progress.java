package dev.tandem.engine;

import dev.tandem.conversation.Usage;
import dev.tandem.provider.ModelEvent;
import dev.tandem.run.AnswerBuilder;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import java.util.Optional;

/// How far an answer has come: writes what the model says into the run's log and keeps the sum.
final class Progress {
    private final Run run;
    private final AnswerBuilder answer;
    private final RunClock watch;
    private Usage usage = Usage.NONE;
    private long characters;

    Progress(Run run, AnswerBuilder answer, RunClock watch) {
        this.run = run;
        this.answer = answer;
        this.watch = watch;
    }

    AnswerBuilder answer() {
        return answer;
    }

    /// What was used so far. Providers count output at its end only, so that of an answer which was
    /// cut off is estimated where they have counted less.
    Usage usage() {
        return usage.withOutputAtLeast(TokenEstimate.ofCharacters(characters));
    }

    void add(ModelEvent event) {
        switch (event) {
            case ModelEvent.Text(String text) -> say(new RunEvent.Text(text), text);
            case ModelEvent.Reasoning(String text) -> say(new RunEvent.Reasoning(text), text);
            case ModelEvent.ToolCall(int index, String id, String name) ->
                    say(new RunEvent.ToolCall(index, id, name), name);
            case ModelEvent.ToolArguments(int index, String fragment) ->
                    say(new RunEvent.ToolArguments(index, fragment), fragment);
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
                                    result.failed(),
                                    Optional.empty()),
                            "");
            case ModelEvent.UsageSoFar(Usage soFar) -> usage = soFar;
            case ModelEvent.Finished finished -> usage = finished.usage();
        }
    }

    /// Ends the calls of a model that has finished. Clients read the arguments as JSON, which no
    /// text at all is not; it is said in the log, so that whoever comes back reads the same.
    void completeArguments() {
        for (int index : answer.callsWithoutArguments()) {
            say(new RunEvent.ToolArguments(index, "{}"), "");
        }
    }

    /// @param output what of the event the model has written
    private void say(RunEvent event, String output) {
        characters += output.length();
        run.log().append(event);
        answer.add(event);
        watch.output();
    }
}
