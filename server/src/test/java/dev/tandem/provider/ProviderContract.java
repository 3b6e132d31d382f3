package dev.tandem.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.conversation.FinishReason;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/// What the server relies on with every provider. A test of a provider extends this and says how to
/// ask it.
public abstract class ProviderContract {
    private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);
    private static final Duration AT_ONCE = Duration.ofMillis(500);

    /// The provider under test.
    protected abstract Provider provider();

    /// A question with an answer of several words.
    protected abstract Question question();

    /// A question whose answer goes on for longer than a test waits, or never begins.
    protected abstract Question endless();

    @Test
    final void anAnswerIsDeltasAndThenOneEnd() throws InterruptedException {
        List<ModelEvent> events = Answers.answer(provider(), question());

        assertFalse(Answers.text(events).isEmpty());
        assertTrue(Answers.end(events).usage().outputTokens() > 0);
        assertTrue(Answers.end(events).usage().promptTokens() > 0);
    }

    @Test
    final void nothingFollowsTheEnd() throws InterruptedException {
        try (ModelStream stream = provider().prepare(question().request()).open()) {
            while (!(stream.next() instanceof ModelEvent.Finished)) {
                // On to the end.
            }
            assertThrows(IllegalStateException.class, stream::next);
        }
    }

    @Test
    final void closingUnblocksTheReader() throws Exception {
        try (ModelStream stream = provider().prepare(endless().request()).open()) {
            CompletableFuture<Exception> over = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> readUntilItThrows(stream, over));
            Thread.sleep(100);

            closeInAnotherThread(stream);

            assertInstanceOf(InterruptedException.class, within(AT_ONCE, over));
        }
    }

    @Test
    final void anInterruptEndsTheRead() throws Exception {
        try (ModelStream stream = provider().prepare(endless().request()).open()) {
            CompletableFuture<Exception> over = new CompletableFuture<>();
            Thread reader = Thread.ofVirtual().start(() -> readUntilItThrows(stream, over));
            Thread.sleep(100);

            reader.interrupt();

            assertInstanceOf(InterruptedException.class, within(AT_ONCE, over));
        }
    }

    @Test
    final void nothingIsReadFromAClosedStream() throws InterruptedException {
        ModelStream stream = provider().prepare(endless().request()).open();
        stream.close();
        stream.close();

        assertThrows(InterruptedException.class, stream::next);
    }

    @Test
    final void answersAfterOthersWereLeft() throws InterruptedException {
        for (int left = 0; left < 3; left++) {
            provider().prepare(endless().request()).open().close();
        }

        assertFalse(Answers.text(Answers.answer(provider(), question())).isEmpty());
    }

    @Test
    final void answersSeveralAtOnce() throws Exception {
        CompletableFuture<List<ModelEvent>> one = inBackground(question());
        CompletableFuture<List<ModelEvent>> other = inBackground(question());

        Duration patience = Duration.ofMinutes(1);
        assertEquals(Answers.text(within(patience, one)), Answers.text(within(patience, other)));
    }

    @Test
    final void endsAtTheMostTokens() throws InterruptedException {
        List<ModelEvent> events = Answers.answer(provider(), question().maxTokens(2));

        assertEquals(FinishReason.LENGTH, Answers.end(events).reason());
        assertTrue(Answers.end(events).usage().outputTokens() <= 2);
    }

    @Test
    final void refusesByNameWhatWouldChangeTheShapeOfTheAnswer() {
        assertRefused("n", "2");
        assertRefused("logprobs", "true");
    }

    @Test
    final void letsNeutralValuesPassAndReportsTheRest() {
        Question asked =
                question()
                        .extra("n", "1")
                        .extra("logprobs", "false")
                        .extra("presence_penalty", "0")
                        .extra("user", "\"somebody\"")
                        .extra("unheard_of", "{}");

        List<String> ignored = provider().prepare(asked.request()).ignoredParameters();

        assertTrue(ignored.contains("unheard_of"), ignored::toString);
        assertFalse(ignored.contains("n"), ignored::toString);
        assertFalse(ignored.contains("logprobs"), ignored::toString);
        assertFalse(ignored.contains("presence_penalty"), ignored::toString);
    }

    @Test
    final void showsWhatItWouldSend() throws IOException {
        String body = provider().prepare(question().request()).bodyJson();

        assertTrue(new ObjectMapper().readTree(body).isObject());
    }

    private void assertRefused(String name, String json) {
        ModelRequest request = question().extra(name, json).request();

        Failure failure = assertThrows(Failure.class, () -> provider().prepare(request));

        assertEquals(FailureCode.INVALID_REQUEST, failure.code());
        assertEquals(Optional.of(name), failure.param());
    }

    private CompletableFuture<List<ModelEvent>> inBackground(Question asked) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return Answers.answer(provider(), asked);
                    } catch (InterruptedException interrupted) {
                        throw new IllegalStateException(interrupted);
                    }
                },
                VIRTUAL);
    }

    private static void closeInAnotherThread(ModelStream stream) throws InterruptedException {
        Thread.ofVirtual().start(stream::close).join();
    }

    private static void readUntilItThrows(ModelStream stream, CompletableFuture<Exception> over) {
        try {
            while (true) {
                stream.next();
            }
        } catch (InterruptedException | RuntimeException end) {
            over.complete(end);
        }
    }

    private static <T> T within(Duration limit, CompletableFuture<T> result)
            throws InterruptedException, ExecutionException, TimeoutException {
        return result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}
