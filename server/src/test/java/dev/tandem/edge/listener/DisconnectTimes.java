package dev.tandem.edge.listener;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Measures how long it takes until a handler hears that its client left, for the decision record.
final class DisconnectTimes {

    private static final int ROUNDS = 500;
    private static final int CANCEL = 8;

    private DisconnectTimes() {}

    /// Leaves once, and tells the time until the handler heard.
    private interface Round {
        long nanos(Subject subject) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        try (Subject subject = Subject.listener(Transport.NETTY)) {
            out.println("HTTP/1.1, FIN       " + measure(subject, DisconnectTimes::http1Closes));
            out.println("HTTP/1.1, RST       " + measure(subject, DisconnectTimes::http1Resets));
            out.println("HTTP/2, RST_STREAM  " + measure(subject, DisconnectTimes::streamIsReset));
            out.println("HTTP/2, FIN         " + measure(subject, DisconnectTimes::http2Closes));
            out.println("gRPC, RST_STREAM    " + measure(subject, DisconnectTimes::callIsReset));
        }
    }

    private static String measure(Subject subject, Round round) throws Exception {
        List<Long> micros = new ArrayList<>();
        for (int number = 0; number < ROUNDS; number++) {
            subject.events.clear();
            long nanos = round.nanos(subject);
            if (number >= ROUNDS / 5) {
                micros.add(nanos / 1_000);
            }
        }
        micros.sort(null);
        return "p50 "
                + micros.get(micros.size() / 2)
                + " us, p99 "
                + micros.get(micros.size() * 99 / 100)
                + " us";
    }

    private static long http1Closes(Subject subject) throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.get("/silent").readUntil(": open");
            subject.events.await("began", 0);
            long begin = System.nanoTime();
            client.leave();
            return subject.events.await("interrupted", begin).toNanos();
        }
    }

    private static long http1Resets(Subject subject) throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.get("/silent").readUntil(": open");
            subject.events.await("began", 0);
            long begin = System.nanoTime();
            client.reset();
            return subject.events.await("interrupted", begin).toNanos();
        }
    }

    private static long streamIsReset(Subject subject) throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.get(1, "/silent").await(Frame.DATA, 1);
            subject.events.await("began", 0);
            long begin = System.nanoTime();
            client.reset(1, CANCEL);
            return subject.events.await("interrupted", begin).toNanos();
        }
    }

    private static long http2Closes(Subject subject) throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.get(1, "/silent").await(Frame.DATA, 1);
            subject.events.await("began", 0);
            long begin = System.nanoTime();
            client.leave();
            return subject.events.await("interrupted", begin).toNanos();
        }
    }

    private static long callIsReset(Subject subject) throws Exception {
        try (RawHttp2 client = subject.http2()) {
            client.grpc(1, "ServerStream")
                    .message(1, StreamBehaviours.request("block"), true)
                    .await(Frame.DATA, 1);
            long begin = System.nanoTime();
            client.reset(1, CANCEL);
            return subject.events.await("context cancelled", begin).toNanos();
        }
    }
}
