package dev.tandem.edge.listener;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the server's side of a test did and when, for the client's side to wait for.
final class Events {

    /// Something that happened at a moment of [System#nanoTime].
    record Event(String name, long atNanos) {}

    private final List<Event> events = new ArrayList<>();

    synchronized void add(String name) {
        events.add(new Event(name, System.nanoTime()));
        notifyAll();
    }

    synchronized void clear() {
        events.clear();
    }

    synchronized boolean has(String name) {
        return find(name).isPresent();
    }

    synchronized long count(String name) {
        return events.stream().filter(event -> event.name().equals(name)).count();
    }

    /// Waits for an event, and tells how long after `sinceNanos` it was.
    Duration await(String name, long sinceNanos) throws InterruptedException {
        return await(name, sinceNanos, Duration.ofSeconds(5));
    }

    synchronized Duration await(String name, long sinceNanos, Duration limit)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (find(name).isEmpty()) {
            long leftMs = (end - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return fail("no '" + name + "' within " + limit + ", but " + events);
            }
            wait(leftMs);
        }
        return Duration.ofNanos(find(name).get().atNanos() - sinceNanos);
    }

    private Optional<Event> find(String name) {
        return events.stream().filter(event -> event.name().equals(name)).findFirst();
    }
}
