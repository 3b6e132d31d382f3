package dev.tandem.clients.phone;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The reference client: asks a question, or takes up a run, and reads the answer to its end over
/// connections that break. Its rules are those of `docs/how-to/resume.md`. Belongs to one thread.
final class Phone {
    /// Two and a half heartbeats: one may be late.
    private static final double HEARTBEATS_OF_SILENCE = 2.5;

    private final Position position = new Position();
    private final Network network;
    private final Optional<Question> question;
    private final Supplier<Way> ways;
    private final SseWire sse;
    private final GrpcWire grpc;
    private int connections;

    /// What a phone knows about the connection that it has.
    ///
    /// @param key what opens the server
    /// @param heartbeat how often the server gives a sign of life
    /// @param random of the back-off
    record Network(
            int port,
            Optional<String> key,
            Duration heartbeat,
            BackOff backOff,
            RandomGenerator random) {
        /// One without keys, with short waits.
        static Network to(int port, Duration heartbeat, RandomGenerator random) {
            return new Network(port, Optional.empty(), heartbeat, BackOff.SHORT, random);
        }

        Network with(String key) {
            return new Network(port, Optional.of(key), heartbeat, backOff, random);
        }

        Duration silenceMax() {
            return Duration.ofMillis((long) (heartbeat.toMillis() * HEARTBEATS_OF_SILENCE));
        }
    }

    private Phone(Network network, Optional<Question> question, Supplier<Way> ways) {
        this.network = network;
        this.question = question;
        this.ways = ways;
        this.sse = new SseWire(network.port(), network.key(), network.silenceMax());
        this.grpc = new GrpcWire(network.port(), network.key(), network.silenceMax());
    }

    /// One that asks.
    ///
    /// @param ways asked for each connection
    static Phone asking(Network network, Question question, Supplier<Way> ways) {
        return new Phone(network, Optional.of(question), ways);
    }

    /// One that takes up a run that somebody else has begun.
    static Phone following(Network network, String runId, Supplier<Way> ways) {
        Phone phone = new Phone(network, Optional.empty(), ways);
        phone.position.runIs(runId);
        return phone;
    }

    Position position() {
        return position;
    }

    /// How often it has connected.
    int connections() {
        return connections;
    }

    /// Reads the answer to its end.
    ///
    /// @throws Refused where the server says that there is nothing to read
    Joined.Answer toTheEnd() throws InterruptedException, Refused {
        int failures = 0;
        while (!position.hasEnded()) {
            Optional<String> before = position.cursor();
            readOnce();
            if (!position.hasEnded()) {
                failures = before.equals(position.cursor()) ? failures + 1 : 0;
                Thread.sleep(network.backOff().afterFailures(failures, network.random()));
            }
        }
        return position.joined().answer();
    }

    /// Reads for as long as one connection lasts. Whatever ended it, the position tells where to go
    /// on.
    private void readOnce() throws InterruptedException, Refused {
        Way way = ways.get();
        connections++;
        try {
            if (way == Way.GRPC) {
                grpc.read(position, question);
            } else {
                sse.read(position, question, way);
            }
        } catch (Refused refused) {
            if (!refused.mayComeAgain()) {
                throw refused;
            }
        } catch (IOException cut) {
            // the loop connects again
        }
    }
}
