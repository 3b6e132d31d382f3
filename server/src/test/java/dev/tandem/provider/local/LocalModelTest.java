package dev.tandem.provider.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.provider.ModelEvent;
import dev.tandem.provider.Question;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class LocalModelTest {
    private static final int AS_MANY_AS_IT_LIKES = 1_000;

    private final FakeEngine engine = new FakeEngine("one ", "two ", "three");

    @Test
    void loadsAtTheFirstRequestOnAPlatformThreadAndOnlyOnce() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        Supplier<Engine> loader =
                () -> {
                    assertFalse(Thread.currentThread().isVirtual());
                    loads.incrementAndGet();
                    return engine;
                };
        engine.mayGoOn.release(AS_MANY_AS_IT_LIKES);
        try (LocalModel model = new LocalModel(settings(2), loader)) {
            assertEquals(0, loads.get());

            assertEquals("one two three", readAll(submit(model, "a")));
            assertEquals("one two three", readAll(submit(model, "b")));

            assertEquals(1, loads.get());
        }
    }

    @Test
    void answersOneAtATimeAndOthersWait() throws Exception {
        try (LocalModel model = new LocalModel(settings(2), () -> engine);
                LocalEvents first = submit(model, "a");
                LocalEvents second = submit(model, "b")) {
            engine.mayGoOn.release();
            first.next();
            assertEquals(new ModelEvent.Text("one "), first.next());
            assertEquals(1, engine.begun.get());

            engine.mayGoOn.release(AS_MANY_AS_IT_LIKES);

            assertEquals("two three", readAll(first));
            assertEquals("one two three", readAll(second));
        }
    }

    @Test
    void refusesWhenTooManyWait() throws Exception {
        try (LocalModel model = new LocalModel(settings(1), () -> engine);
                LocalEvents running = submit(model, "a")) {
            running.next();
            try (LocalEvents waiting = submit(model, "b")) {
                Failure failure = assertThrows(Failure.class, () -> submit(model, "c"));

                assertEquals(FailureCode.OVERLOADED, failure.code());
                assertTrue(failure.retryAfter().isPresent());
                assertTrue(failure.text().contains("local.queue-max"));
                assertFalse(waiting.isOver());
            }
            // The one that left makes room at once.
            submit(model, "d").close();
            engine.mayGoOn.release(AS_MANY_AS_IT_LIKES);
        }
    }

    @Test
    void endsBetweenTwoTokensWhenTheReaderLeaves() throws Exception {
        try (LocalModel model = new LocalModel(settings(1), () -> engine)) {
            LocalEvents left = submit(model, "a");
            engine.mayGoOn.release();
            left.next();
            left.next();

            left.close();
            engine.mayGoOn.release();

            await(() -> engine.ended.get() == 1);
            assertThrows(InterruptedException.class, left::next);
            engine.mayGoOn.release(AS_MANY_AS_IT_LIKES);
            assertEquals("one two three", readAll(submit(model, "b")));
        }
    }

    @Test
    void endsBetweenTwoPartsOfALongPrompt() throws Exception {
        try (LocalModel model = new LocalModel(settings(1), () -> engine)) {
            LocalEvents left = submit(model, "word ".repeat(600));
            await(() -> engine.read.get() == 1);

            left.close();
            engine.mayGoOn.release(AS_MANY_AS_IT_LIKES);

            assertEquals("one two three", readAll(submit(model, "b")));
            assertEquals(1, engine.read.get());
            assertEquals(1, engine.begun.get());
        }
    }

    @Test
    void aStopEndsTheAnswerAndTheWork() throws Exception {
        engine.mayGoOn.release(AS_MANY_AS_IT_LIKES);
        try (LocalModel model = new LocalModel(settings(1), () -> engine);
                LocalEvents events = submit(model, Question.ask("a").stop("two"))) {
            events.next();

            assertEquals(new ModelEvent.Text("one "), events.next());
            ModelEvent.Finished end = assertInstanceOf(ModelEvent.Finished.class, events.next());
            assertEquals(Optional.of("two"), end.stopSequence());
            await(() -> engine.ended.get() == 1);
        }
    }

    @Test
    void saysWhyItCannotLoadAndTriesAgainNextTime() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        Supplier<Engine> loader =
                () -> {
                    if (loads.incrementAndGet() == 1) {
                        throw new Failure(FailureCode.UPSTREAM_UNAVAILABLE, "not yet");
                    }
                    return engine;
                };
        engine.mayGoOn.release(AS_MANY_AS_IT_LIKES);
        try (LocalModel model = new LocalModel(settings(1), loader)) {
            Failure failure = assertThrows(Failure.class, () -> submit(model, "a").next());

            assertEquals("not yet", failure.text());
            assertEquals("one two three", readAll(submit(model, "b")));
        }
    }

    @Test
    void doesNotWaitForeverForLoading() throws Exception {
        CountDownLatch loaded = new CountDownLatch(1);
        Supplier<Engine> slow =
                () -> {
                    awaitQuietly(loaded);
                    return engine;
                };
        LocalSettings impatient =
                new LocalSettings(
                        Path.of("x"),
                        1,
                        1000,
                        100,
                        1,
                        Duration.ofMillis(50),
                        Duration.ofMinutes(1));
        try (LocalModel model = new LocalModel(impatient, slow)) {
            Failure failure = assertThrows(Failure.class, () -> submit(model, "a").next());
            loaded.countDown();

            assertEquals(FailureCode.UPSTREAM_TIMEOUT, failure.code());
        }
    }

    @Test
    void doesNotWaitForeverForAnAnswer() throws Exception {
        LocalSettings impatient =
                new LocalSettings(
                        Path.of("x"),
                        1,
                        1000,
                        100,
                        1,
                        Duration.ofMinutes(1),
                        Duration.ofMillis(50));
        try (LocalModel model = new LocalModel(impatient, () -> engine)) {
            LocalEvents events = submit(model, "a");

            Failure failure = assertThrows(Failure.class, () -> readAll(events));

            assertEquals(FailureCode.UPSTREAM_TIMEOUT, failure.code());
            engine.mayGoOn.release(AS_MANY_AS_IT_LIKES);
        }
    }

    @Test
    void closingEndsTheAnswerAndThoseThatWaitAndFreesTheModel() throws Exception {
        LocalModel model = new LocalModel(settings(2), () -> engine);
        LocalEvents running = submit(model, "a");
        LocalEvents waiting = submit(model, "b");
        running.next();
        Thread closing = Thread.ofVirtual().start(model::close);
        assertFalse(closing.join(Duration.ofMillis(50)));
        assertFalse(engine.closed.get(), "not while it generates");

        engine.mayGoOn.release(AS_MANY_AS_IT_LIKES);
        closing.join();

        assertTrue(engine.closed.get());
        assertEquals(FailureCode.SHUTTING_DOWN, failure(running).code());
        assertEquals(FailureCode.SHUTTING_DOWN, failure(waiting).code());
        assertThrows(Failure.class, () -> submit(model, "c"));
    }

    @Test
    void closingWithoutHavingLoadedDoesNothing() {
        new LocalModel(settings(1), () -> engine).close();

        assertFalse(engine.closed.get());
    }

    private static LocalEvents submit(LocalModel model, String text) {
        return submit(model, Question.ask(text));
    }

    private static LocalEvents submit(LocalModel model, Question question) {
        return model.submit(new LocalRequest(model, settings(1), question.request()));
    }

    private static LocalSettings settings(int queueMax) {
        return new LocalSettings(
                Path.of("x"), 1, 2000, 100, queueMax, Duration.ofMinutes(1), Duration.ofMinutes(1));
    }

    private static String readAll(LocalEvents events) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        while (true) {
            switch (events.next()) {
                case ModelEvent.Text(String piece) -> text.append(piece);
                case ModelEvent.Finished _ -> {
                    return text.toString();
                }
                case ModelEvent _ -> {}
            }
        }
    }

    private static Failure failure(LocalEvents events) {
        return assertThrows(Failure.class, () -> readAll(events));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(1);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Thread.onSpinWait();
        }
    }
}
