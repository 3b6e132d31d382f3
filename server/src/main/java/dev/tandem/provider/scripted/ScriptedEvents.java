package dev.tandem.provider.scripted;

import dev.tandem.conversation.FinishReason;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.ToolChoice;
import dev.tandem.conversation.Usage;
import dev.tandem.provider.ModelEvent;
import dev.tandem.provider.ModelRequest;
import dev.tandem.provider.ModelStream;
import dev.tandem.provider.StopText;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// Plays the steps of one answer. Whatever it waits for ends when the stream is closed.
final class ScriptedEvents implements ModelStream {
    private static final int FRAGMENT_CHARS = 12;

    private final ModelRequest request;
    private final Deque<Step> steps;
    private final Pause pause;
    private final ScriptedObserver observer;
    private final StopText stop;
    private final long wordsMax;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean closing = new AtomicBoolean();

    // The reader's own.
    private final Deque<ModelEvent> ready = new ArrayDeque<>();
    private Duration pace;
    private Optional<Usage> usageAsScripted = Optional.empty();
    private long words;
    private long wordsThought;
    private int calls;
    private boolean finished;

    ScriptedEvents(
            ModelRequest request,
            List<Step> steps,
            Duration pace,
            Pause pause,
            ScriptedObserver observer) {
        this.request = request;
        this.steps = new ArrayDeque<>(steps);
        this.pace = pace;
        this.pause = pause;
        this.observer = observer;
        this.stop = new StopText(request.options().stop());
        this.wordsMax = request.maxTokens().orElse(Long.MAX_VALUE);
    }

    @Override
    public ModelEvent next() throws InterruptedException {
        while (ready.isEmpty()) {
            if (finished) {
                throw new IllegalStateException("the answer is whole: there is no event after it");
            }
            play();
        }
        stopWhenClosed(Duration.ZERO);
        ModelEvent event = ready.removeFirst();
        observer.produced(event);
        return event;
    }

    @Override
    public void close() {
        closed.countDown();
        if (closing.compareAndSet(false, true)) {
            observer.closed();
        }
    }

    private void play() throws InterruptedException {
        Step step = steps.isEmpty() ? new Step.Finish(reasonAtTheEnd()) : steps.removeFirst();
        switch (step) {
            case Step.Pace(Duration wait) -> pace = wait;
            case Step.Say(String piece) -> say(piece);
            case Step.Think(String piece) -> think(piece);
            case Step.Call call -> call(call);
            case Step.RunTool run -> runTool(run);
            case Step.Use(Usage usage) -> use(usage);
            case Step.Finish(FinishReason reason) ->
                    finish(reason, Optional.empty(), Optional.empty());
            case Step.Refuse(String text) ->
                    finish(FinishReason.CONTENT_FILTER, Optional.empty(), Optional.of(text));
            case Step.StopSequence(String text) ->
                    finish(FinishReason.STOP, Optional.of(text), Optional.empty());
            case Step.Fail fail -> throw ScriptedRequest.failure(fail);
            case Step.Hang _ -> hang();
        }
    }

    private void say(String piece) throws InterruptedException {
        if (!roomForAnother()) {
            return;
        }
        words++;
        String text = stop.feed(piece);
        if (!text.isEmpty()) {
            ready.add(new ModelEvent.Text(text));
        }
        if (stop.found().isPresent()) {
            finish(FinishReason.STOP, stop.found(), Optional.empty());
        }
    }

    private void think(String piece) throws InterruptedException {
        if (roomForAnother()) {
            words++;
            wordsThought++;
            ready.add(new ModelEvent.Reasoning(piece));
        }
    }

    private void call(Step.Call call) throws InterruptedException {
        boolean another = calls > 0;
        boolean allowed =
                offered(call.name())
                        && (!another || request.options().parallelToolCalls().orElse(true));
        if (!(allowed || call.always()) || !roomForAnother()) {
            return;
        }
        releaseHeldText();
        int index = calls++;
        words += Script.words(call.argumentsJson()).size();
        String id = "call_" + request.messages().size() + "_" + index;
        ready.add(new ModelEvent.ToolCall(index, id, call.name()));
        String json = call.argumentsJson();
        for (int at = 0; at < json.length(); at += FRAGMENT_CHARS) {
            String fragment = json.substring(at, Math.min(json.length(), at + FRAGMENT_CHARS));
            ready.add(new ModelEvent.ToolArguments(index, fragment));
        }
        ready.add(new ModelEvent.ToolCallWhole(index));
    }

    private boolean offered(String name) {
        boolean known = request.tools().stream().anyMatch(tool -> tool.name().equals(name));
        return known
                && switch (request.toolChoice().orElse(new ToolChoice.Auto())) {
                    case ToolChoice.Auto _, ToolChoice.Required _ -> true;
                    case ToolChoice.None _ -> false;
                    case ToolChoice.Named(String wanted) -> wanted.equals(name);
                };
    }

    private void runTool(Step.RunTool run) throws InterruptedException {
        if (!roomForAnother()) {
            return;
        }
        releaseHeldText();
        words++;
        String id = "tool_" + request.messages().size() + "_" + steps.size();
        ready.add(new ModelEvent.ProviderToolUse(id, run.name(), run.inputJson()));
        ready.add(new ModelEvent.ProviderToolResult(id, run.name(), run.result(), run.failed()));
    }

    private void use(Usage usage) {
        usageAsScripted = Optional.of(usage);
        ready.add(new ModelEvent.UsageSoFar(usage));
    }

    /// Waits for the next word's turn; ends the answer where it may have no more words.
    private boolean roomForAnother() throws InterruptedException {
        if (words >= wordsMax) {
            finish(FinishReason.LENGTH, Optional.empty(), Optional.empty());
            return false;
        }
        stopWhenClosed(pace);
        if (words == 0 && usageAsScripted.isEmpty()) {
            ready.add(new ModelEvent.UsageSoFar(usage()));
        }
        return true;
    }

    private void finish(FinishReason reason, Optional<String> stopped, Optional<String> refusal) {
        releaseHeldText();
        ready.add(new ModelEvent.Finished(reason, stopped, refusal, usage(), Optional.empty()));
        finished = true;
    }

    private void releaseHeldText() {
        String rest = stop.rest();
        if (!rest.isEmpty()) {
            ready.add(new ModelEvent.Text(rest));
        }
    }

    private FinishReason reasonAtTheEnd() {
        return calls > 0 ? FinishReason.TOOL_CALLS : FinishReason.STOP;
    }

    private Usage usage() {
        return usageAsScripted.orElseGet(
                () -> new Usage(wordsAsked(), 0, 0, words, 0, wordsThought));
    }

    private long wordsAsked() {
        long asked = Script.words(request.system().orElse("")).size();
        for (Message message : request.messages()) {
            asked += Script.words(ScriptedRequest.textOf(message)).size();
        }
        return asked;
    }

    private void hang() throws InterruptedException {
        closed.await();
        throw closedByReader();
    }

    private void stopWhenClosed(Duration wait) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the reader was interrupted");
        }
        boolean over = wait.isZero() ? closed.getCount() == 0 : pause.closedWithin(closed, wait);
        if (over) {
            throw closedByReader();
        }
    }

    private static InterruptedException closedByReader() {
        return new InterruptedException("the stream is closed");
    }
}
