package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.tool.ToolQuestion;
import dev.tandem.tool.ToolReply;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A call of a client without a session. Where it needs to know something, its client gets the
/// question as the answer, and the call waits for the client to send the request again with what
/// was asked for.
final class Round implements Asker {
    /// Between the taking of a state and the call's going on.
    private static final long MOMENT_NANOS = 1_000_000;

    private final Rounds rounds;
    private final Duration wait;
    private final ReentrantLock asking = new ReentrantLock(true);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition resumed = lock.newCondition();
    private Turn turn;
    private JsonNode given;
    private int number;
    private @Nullable Thread thread;

    /// @param given answers by the names of their questions, sent with the first request
    Round(Rounds rounds, Duration wait, Turn first, JsonNode given) {
        this.rounds = rounds;
        this.wait = wait;
        this.turn = first;
        this.given = given;
    }

    /// The request that is answered at the moment.
    Turn turn() {
        lock.lock();
        try {
            return turn;
        } finally {
            lock.unlock();
        }
    }

    void start(Thread caller) {
        lock.lock();
        try {
            thread = caller;
        } finally {
            lock.unlock();
        }
        caller.start();
    }

    /// Stops the call.
    void stop() {
        lock.lock();
        try {
            if (thread != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The client has sent its request again.
    void resume(Turn next, JsonNode answers) {
        lock.lock();
        try {
            turn = next;
            given = answers;
            number++;
            resumed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public ToolReply ask(String name, ToolQuestion question) throws InterruptedException {
        asking.lockInterruptibly();
        try {
            Optional<ToolReply> reply = given(name, question);
            while (reply.isEmpty()) {
                if (!nextRound(name, question)) {
                    stop();
                    return ToolReply.CANCELLED;
                }
                reply = given(name, question);
            }
            return reply.get();
        } finally {
            asking.unlock();
        }
    }

    private Optional<ToolReply> given(String name, ToolQuestion question) {
        lock.lock();
        try {
            return Optional.ofNullable(given.get(name))
                    .flatMap(result -> Questions.reply(question, result));
        } finally {
            lock.unlock();
        }
    }

    /// Sends the question, and waits for the client to come back.
    ///
    /// @return false where it does not
    private boolean nextRound(String name, ToolQuestion question) throws InterruptedException {
        lock.lockInterruptibly();
        Optional<String> state = Optional.empty();
        try {
            int before = number;
            state = rounds.park(this);
            if (state.isEmpty()) {
                return false;
            }
            turn.answer(inputRequired(name, question, state.get()));
            long left = wait.toNanos();
            while (number == before && (left > 0 || !rounds.drop(state.get()))) {
                left = left > 0 ? resumed.awaitNanos(left) : resumed.awaitNanos(MOMENT_NANOS);
            }
            return number != before;
        } finally {
            lock.unlock();
            state.ifPresent(rounds::drop);
        }
    }

    private static ObjectNode inputRequired(String name, ToolQuestion question, String state) {
        ObjectNode result = Json.object().put("resultType", "input_required");
        ObjectNode request = result.putObject("inputRequests").putObject(name);
        request.put("method", Questions.method(question));
        request.set("params", Questions.params(question));
        return result.put("requestState", state);
    }
}
