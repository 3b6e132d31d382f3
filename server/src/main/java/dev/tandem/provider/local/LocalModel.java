package dev.tandem.provider.local;

import dev.tandem.conversation.FinishReason;
import dev.tandem.conversation.Usage;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.provider.ModelEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The model and the one thread that may touch it. It is loaded when the first request comes;
/// requests wait in a bounded queue and are answered one at a time.
final class LocalModel implements AutoCloseable {
    private static final Logger LOG = System.getLogger(LocalModel.class.getName());
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);
    // A prompt is read in parts of some 150 tokens, so that a reader who leaves is noticed between
    // them: one part takes well under a second on two slow processors.
    private static final int PART_CHARS = 600;

    private final LocalSettings settings;
    private final Supplier<Engine> loader;
    private final BlockingQueue<LocalEvents> waiting;

    // Guarded by this.
    private @Nullable Thread worker;
    private volatile boolean closed;

    // The worker's own.
    private @Nullable Engine engine;

    /// A model that is not loaded yet.
    ///
    /// @param loader loads it, on the thread that will use it
    LocalModel(LocalSettings settings, Supplier<Engine> loader) {
        this.settings = settings;
        this.loader = loader;
        this.waiting = new ArrayBlockingQueue<>(settings.queueMax());
    }

    /// Queues a request. The caller closes the stream.
    ///
    /// @throws Failure OVERLOADED where too many wait
    synchronized LocalEvents submit(LocalRequest request) {
        if (closed) {
            throw new Failure(FailureCode.SHUTTING_DOWN, "the server is shutting down");
        }
        LocalEvents events = new LocalEvents(request, settings.answerTimeout(), waiting::remove);
        if (!waiting.offer(events)) {
            throw new Failure(
                            FailureCode.OVERLOADED,
                            settings.queueMax()
                                    + " requests wait for the model in this server, which answers"
                                    + " one at a time: try again, or raise local.queue-max")
                    .retryAfter(RETRY_AFTER);
        }
        if (worker == null) {
            worker = Thread.ofPlatform().name("local-model").daemon().start(this::work);
        }
        return events;
    }

    /// Ends the answer in progress between two tokens, fails those that wait, and frees the model.
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            running = worker;
        }
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            if (!running.join(CLOSE_WITHIN)) {
                LOG.log(
                        Level.WARNING,
                        "the model is still busy after {0}; left as it is",
                        CLOSE_WITHIN);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            while (!closed) {
                answer(waiting.take());
            }
        } catch (InterruptedException _) {
            LOG.log(Level.DEBUG, "the model's thread was told to end");
        } finally {
            waiting.forEach(left -> left.fail(shuttingDown()));
            if (engine != null) {
                engine.close();
            }
        }
    }

    private void answer(LocalEvents events) {
        if (events.isOver()) {
            return;
        }
        try {
            write(loaded(events), events);
        } catch (Failure known) {
            events.fail(known);
        } catch (RuntimeException unexpected) {
            LOG.log(Level.ERROR, "the model in this process failed", unexpected);
            events.fail(
                    new Failure(
                            FailureCode.UPSTREAM_ERROR,
                            "the model in this server failed; its log says more",
                            unexpected));
        }
    }

    private Engine loaded(LocalEvents events) {
        if (engine == null) {
            long start = System.nanoTime();
            events.loading(settings.loadTimeout());
            engine = loader.get();
            events.loaded();
            LOG.log(
                    Level.INFO,
                    "loaded {0} in {1} ms",
                    settings.modelFile().getFileName(),
                    (System.nanoTime() - start) / 1_000_000);
        }
        return engine;
    }

    private void write(Engine model, LocalEvents events) {
        Sampling sampling = events.request().sampling();
        String prompt =
                events.request()
                        .prompt()
                        .fitting(
                                model.template(),
                                model::tokens,
                                settings.contextTokens() - sampling.tokensMax())
                        .text(model.template());
        long input = model.tokens(prompt);
        if (!readAhead(model, prompt, events)) {
            return;
        }
        events.add(new ModelEvent.UsageSoFar(new Usage(input, 0, 0, 0, 0, 0)));
        try (Engine.Pieces pieces = model.generate(prompt, sampling)) {
            AnswerText text = new AnswerText(sampling.format(), events.request().stop());
            for (String piece; !text.isOver() && (piece = pieces.next()) != null; ) {
                if (mustEnd(events)) {
                    return;
                }
                say(text.feed(piece), events);
            }
            say(text.rest(), events);
            boolean cut = !text.isOver() && pieces.reachedTokensMax();
            events.add(
                    new ModelEvent.Finished(
                            cut ? FinishReason.LENGTH : FinishReason.STOP,
                            text.stop(),
                            Optional.empty(),
                            new Usage(input, 0, 0, model.tokens(text.generated()), 0, 0),
                            Optional.empty()));
        }
    }

    /// Reads a long prompt part by part; in one where the answer must be repeatable.
    ///
    /// @return whether the answer is still wanted
    private boolean readAhead(Engine model, String prompt, LocalEvents events) {
        if (events.request().sampling().seed().isPresent()) {
            return !mustEnd(events);
        }
        for (int end = PART_CHARS; end < prompt.length() - PART_CHARS; end += PART_CHARS) {
            if (mustEnd(events)) {
                return false;
            }
            int whole = Character.isHighSurrogate(prompt.charAt(end - 1)) ? end + 1 : end;
            model.read(prompt.substring(0, whole));
        }
        return !mustEnd(events);
    }

    private boolean mustEnd(LocalEvents events) {
        if (closed) {
            events.fail(shuttingDown());
        }
        return events.isOver();
    }

    private static void say(String text, LocalEvents events) {
        if (!text.isEmpty()) {
            events.add(new ModelEvent.Text(text));
        }
    }

    private static Failure shuttingDown() {
        return new Failure(FailureCode.SHUTTING_DOWN, "the server is shutting down");
    }
}
