package dev.tandem.provider.local;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Answers every prompt with the same pieces, each when a test lets it.
final class FakeEngine implements Engine {
    final Semaphore mayGoOn = new Semaphore(0);
    final AtomicInteger begun = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();
    final AtomicInteger read = new AtomicInteger();
    final AtomicBoolean closed = new AtomicBoolean();
    private final List<String> pieces;

    FakeEngine(String... pieces) {
        this.pieces = List.of(pieces);
    }

    @Override
    public ChatTemplate template() {
        return ChatTemplate.CHATML;
    }

    @Override
    public int tokens(String text) {
        return (text.length() + 3) / 4;
    }

    @Override
    public void read(String beginning) {
        read.incrementAndGet();
        mayGoOn.acquireUninterruptibly();
    }

    @Override
    public Pieces generate(String prompt, Sampling sampling) {
        begun.incrementAndGet();
        Deque<String> left = new ArrayDeque<>(pieces);
        return new Pieces() {
            @Override
            public @Nullable String next() {
                mayGoOn.acquireUninterruptibly();
                return left.poll();
            }

            @Override
            public boolean reachedTokensMax() {
                return false;
            }

            @Override
            public void close() {
                ended.incrementAndGet();
            }
        };
    }

    @Override
    public void close() {
        closed.set(true);
    }
}
