package dev.tandem.engine;

import dev.tandem.run.RunKey;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Locks that make requests with the same idempotency key begin one after the other, so that the
/// second finds what the first began. Different keys may share a lock, which costs them a moment.
final class KeyLocks {
    private static final int COUNT = 64;

    private final List<Lock> locks =
            Stream.<Lock>generate(ReentrantLock::new).limit(COUNT).toList();

    Lock of(String tenant, RunKey key) {
        return locks.get(Math.floorMod(Objects.hash(tenant, key.text()), COUNT));
    }
}
