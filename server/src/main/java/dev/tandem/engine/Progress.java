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

    Progress(Run run, AnswerBuilder answer, RunClock watch) {
        this.run = run;
        this.answer = answer;
        this.watch = watch;
    }

    AnswerBuilder answer() {
        return answer;
    }

    Usage usage() {
        return usage;
    }

    void add(ModelEvent event) {
        switch (event) {
            case ModelEvent.Text(String text) -> say(new RunEvent.Text(text));
            case ModelEvent.Reasoning(String text) -> say(new RunEvent.Reasoning(text));
            case ModelEvent.ToolCall(int index, String id, String name) ->
                    say(new RunEvent.ToolCall(index, id, name));
            case ModelEvent.ToolArguments(int index, String fragment) ->
                    say(new RunEvent.ToolArguments(index, fragment));
            case ModelEvent.ProviderToolUse use ->
                    say(new RunEvent.ToolUse(use.id(), use.name(), use.inputJson()));
            case ModelEvent.ProviderToolResult result ->
                    say(
                            new RunEvent.ToolResult(
                                    result.id(),
                                    result.name(),
                                    result.content(),
                                    result.failed(),
                                    Optional.empty()));
            case ModelEvent.UsageSoFar(Usage soFar) -> usage = soFar;
            case ModelEvent.Finished finished -> usage = finished.usage();
        }
    }

    private void say(RunEvent event) {
        run.log().append(event);
        answer.add(event);
        watch.output();
    }
}
