package dev.tandem.edge.listener;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// The answers under way on one HTTP/2 connection: how much of them waits for its client, and
/// which of them waits in vain. Only the event loop adds and looks; any thread may count.
@SuppressWarnings("FutureReturnValueIgnored") // the listener is all there is to a closing stream
final class OpenAnswers {

    private static final AttributeKey<OpenAnswers> KEY = AttributeKey.valueOf("open-answers");
    private static final int PENDING_BYTES_MAX = 4 << 20;

    private final Set<Outbox> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private final AtomicLong pendingBytes = new AtomicLong();

    /// Those of a connection.
    static OpenAnswers of(Channel connection) {
        OpenAnswers answers = connection.attr(KEY).get();
        if (answers == null) {
            answers = new OpenAnswers();
            connection.attr(KEY).set(answers);
        }
        return answers;
    }

    void add(Outbox answer, Channel stream) {
        open.add(answer);
        stream.closeFuture().addListener(closed -> open.remove(answer));
    }

    void count(int bytes) {
        pendingBytes.addAndGet(bytes);
    }

    /// Whether the client has left so much lying that no answer may be far ahead of it any more.
    boolean areTooFarAhead() {
        return pendingBytes.get() > PENDING_BYTES_MAX;
    }

    /// Gives up the answers of which the client took nothing for too long.
    ///
    /// @return false if the client has not even taken the word that an answer is given up
    boolean cutStalled(Duration limit) {
        long now = System.nanoTime();
        boolean taken = true;
        for (Outbox answer : List.copyOf(open)) {
            if (answer.stalledFor(now).compareTo(limit) > 0) {
                taken &= answer.cut();
            }
        }
        return taken;
    }
}
