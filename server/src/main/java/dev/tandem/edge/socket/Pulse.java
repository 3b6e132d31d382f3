package dev.tandem.edge.socket;

import java.time.Duration;
import java.util.stream.Stream;

/// Asks one client again and again whether it is there, and ends its WebSocket when it does not
/// say so, or when nobody has used it for long.
final class Pulse {
    /// How long a client may take to answer our goodbye.
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final SocketSettings settings;
    private final FrameWriter writer;
    private final Subscriptions subscriptions;
    private volatile long heardAt = System.nanoTime();

    Pulse(SocketSettings settings, FrameWriter writer, Subscriptions subscriptions) {
        this.settings = settings;
        this.writer = writer;
        this.subscriptions = subscriptions;
    }

    /// Notes a sign of life.
    void heard() {
        heardAt = System.nanoTime();
    }

    /// Watches until the WebSocket is closed by either side and the client had time to answer.
    void watch() throws InterruptedException {
        long pingedAt = System.nanoTime();
        while (!writer.awaitClosed(nextLook(pingedAt))) {
            if (isOver(settings.silence(), since(heardAt))) {
                writer.close(Closing.policy("nothing was heard for " + told(settings.silence())));
            } else if (isOver(settings.idle(), subscriptions.unused())) {
                writer.close(Closing.normal("no subscription for " + told(settings.idle())));
            } else if (isOver(settings.ping(), since(pingedAt))) {
                ping();
                pingedAt = System.nanoTime();
            }
        }
        Thread.sleep(GOODBYE);
    }

    private void ping() {
        try {
            writer.send(Frames.ping());
        } catch (InterruptedException closed) {
            // which is what is waited for
        }
    }

    private Duration nextLook(long pingedAt) {
        return Stream.of(
                        settings.silence().minus(since(heardAt)),
                        settings.idle().minus(subscriptions.unused()),
                        settings.ping().minus(since(pingedAt)))
                .min(Duration::compareTo)
                .filter(Duration::isPositive)
                .orElse(Duration.ofMillis(1));
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static boolean isOver(Duration limit, Duration time) {
        return time.compareTo(limit) >= 0;
    }

    private static String told(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
