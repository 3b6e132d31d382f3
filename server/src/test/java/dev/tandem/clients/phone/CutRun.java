package dev.tandem.clients.phone;

import dev.tandem.clients.phone.CuttingProxy.Cut;
import dev.tandem.clients.phone.CuttingProxy.How;
import dev.tandem.clients.phone.Phone.Network;
import dev.tandem.launch.RunningServer;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/// One run that is read over a network that cuts, and at the same time, for comparison, over one
/// that does not. Belongs to one thread.
final class CutRun {
    private static final List<Way> OVER_SSE =
            List.of(Way.GET_WITH_HEADER, Way.GET_WITH_QUERY, Way.POST_AGAIN);

    private static final int CONNECTIONS_BEFORE_THE_CANCEL = 5;

    private final RunningServer server;
    private final Duration heartbeat;
    private final Upstream.Kind kind;
    private final Wires wires;
    private final Question question;
    private final int cutsWanted;
    private final Random random;
    private final CuttingProxy proxy;
    private int connections;
    private int turns;
    private int cutsWhileItRan;
    private int reconnects;
    private int readings;
    private long toldTwice;
    private String runId = "";
    private Joined.Answer uncut = new Joined().answer();
    private List<String> uncutCursors = List.of();

    /// Which wires a phone uses.
    enum Wires {
        SSE(3000),
        GRPC(1000),
        CHANGING(2000);

        /// The most of an answer that passes before a cut: a few events.
        private final int cutBytesMax;

        Wires(int cutBytesMax) {
            this.cutBytesMax = cutBytesMax;
        }
    }

    CutRun(
            RunningServer server,
            Duration heartbeat,
            Upstream.Kind kind,
            Wires wires,
            Question question,
            int cutsWanted,
            long seed) {
        this.server = server;
        this.heartbeat = heartbeat;
        this.kind = kind;
        this.wires = wires;
        this.question = question;
        this.cutsWanted = cutsWanted;
        this.random = new Random(seed);
        this.proxy = new CuttingProxy(server.port(), this::cut);
    }

    String question() {
        return question.text();
    }

    String runId() {
        return runId;
    }

    Joined.Answer uncut() {
        return uncut;
    }

    long cuts() {
        return proxy.made();
    }

    int cutsWhileItRan() {
        return cutsWhileItRan;
    }

    int reconnects() {
        return reconnects;
    }

    int readings() {
        return readings;
    }

    long toldTwice() {
        return toldTwice;
    }

    long bytes() {
        return proxy.bytes();
    }

    /// Reads the run as it is made, and once more from its beginning until there are cuts enough.
    void readAll() throws Exception {
        Random calm = new Random(0);
        Thread other =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        readUncut(calm);
                                    } catch (Exception failed) {
                                        throw new AssertionError(question.text(), failed);
                                    }
                                });
        try (proxy) {
            Phone phone =
                    Phone.asking(
                            Network.to(proxy.port(), heartbeat, random), question, this::nextWay);
            Joined.Answer first = phone.toTheEnd();
            cutsWhileItRan = (int) proxy.made();
            other.join();
            compare(phone, first);
            while (proxy.made() < cutsWanted) {
                Phone again =
                        Phone.following(
                                Network.to(proxy.port(), heartbeat, random), runId, this::nextWay);
                compare(again, again.toTheEnd());
            }
        }
    }

    private void readUncut(Random calm) throws InterruptedException, Refused {
        Way way = wires == Wires.SSE ? Way.GRPC : Way.GET_WITH_HEADER;
        Phone phone = Phone.asking(Network.to(server.port(), heartbeat, calm), question, () -> way);
        uncut = phone.toTheEnd();
        uncutCursors = phone.position().joined().cursors();
        runId = phone.position().runId().orElseThrow();
    }

    /// Reads the run from its beginning over a network that does not cut.
    void compareUncut(RunningServer at, Way way) throws InterruptedException, Refused {
        Network network = Network.to(at.port(), heartbeat, new Random(0));
        Phone phone = Phone.following(network, runId, () -> way);
        compare(phone, phone.toTheEnd());
    }

    private void compare(Phone phone, Joined.Answer answer) {
        readings++;
        reconnects += phone.connections() - 1;
        toldTwice += phone.position().droppedBytes();
        if (phone.position().joined().wasReplaced()) {
            throw new AssertionError(question.text() + ": a gap");
        }
        if (!answer.equals(uncut)) {
            throw new AssertionError(
                    question.text() + " " + wires + "\nuncut  " + uncut + "\njoined " + answer);
        }
        List<String> cursors = phone.position().joined().cursors();
        if (!cursors.equals(uncutCursors)) {
            throw new AssertionError(
                    question.text() + " " + wires + "\n" + uncutCursors + "\n" + cursors);
        }
    }

    private Way nextWay() {
        Way sse = OVER_SSE.get(random.nextInt(OVER_SSE.size()));
        return switch (wires) {
            case SSE -> sse;
            case GRPC -> Way.GRPC;
            case CHANGING -> turns++ % 2 == 0 ? sse : Way.GRPC;
        };
    }

    private synchronized Cut cut() {
        connections++;
        if (kind == Upstream.Kind.CANCELLED && connections >= CONNECTIONS_BEFORE_THE_CANCEL) {
            server.post("/v1/sessions/" + question.sessionId() + "/stop", "");
        }
        if (proxy.made() >= cutsWanted) {
            return Cut.NEVER;
        }
        int kindOfCut = random.nextInt(100);
        How how = kindOfCut < 70 ? How.CLOSE : kindOfCut < 98 ? How.RESET : How.SILENCE;
        return new Cut(random.nextInt(wires.cutBytesMax), how);
    }
}
