package dev.tandem.edge.listener;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/// What can be done over HTTP/1.1, or without a word.
final class Http1Attacks {

    private static final int DRIPS_MAX = 200;
    private static final int CONNECTIONS = 10_000;

    /// A connection costs what it costs, so the bound of a crowd is one per head. Both ends of each
    /// are in this process and take 21 KB together where all of them are open at once.
    private static final long CONNECTION_HEAP_BYTES_MAX = 30_000;
    private static final String HEAD = " HTTP/1.1\r\nHost: test\r\n";

    private Http1Attacks() {}

    static List<Attack> all() {
        return List.of(
                new Attack("HTTP/1.1: connects and says nothing", "closed", Http1Attacks::silent),
                new Attack("HTTP/1.1: a head that drips", "closed", Http1Attacks::slowHead),
                new Attack(
                        "HTTP/1.1: a body that drips",
                        "answered 408, closed",
                        Http1Attacks::slowBody),
                new Attack(
                        "HTTP/1.1: a body that never ends",
                        "answered 413, closed|closed",
                        Http1Attacks::endlessBody),
                new Attack(
                        "HTTP/1.1: does not read its answer", "closed", Http1Attacks::slowReader),
                new Attack(
                        "HTTP/1.1: 1,000,000 requests at once, reading nothing",
                        "closed",
                        Http1Attacks::pipeline),
                answered(
                        "a head above the limit",
                        "4(00|31)",
                        "GET /hello" + HEAD + "X: " + "a".repeat(40_000) + "\r\n\r\n"),
                answered("a target above the limit", "414", "GET /" + "a".repeat(9_000) + HEAD),
                answered(
                        "a body of two lengths (CL and TE)",
                        "400",
                        smuggle("Content-Length: 5\r\nTransfer-Encoding: chunked")),
                answered(
                        "a body of two lengths (CL and CL)",
                        "400",
                        smuggle("Content-Length: 5\r\nContent-Length: 6")),
                answered(
                        "a transfer coding in disguise",
                        "400",
                        smuggle("Transfer-Encoding: xchunked")),
                answered(
                        "a space before the colon",
                        "400",
                        smuggle("Transfer-Encoding : chunked\r\nContent-Length: 5")),
                answered("a line that ends in LF alone", "400", "GET /hello HTTP/1.1\nHost: a\n\n"),
                answered(
                        "a chunk size below zero",
                        "(400|500)",
                        smuggle("Transfer-Encoding: chunked") + "-1\r\n\r\n"),
                new Attack(
                        CONNECTIONS
                                + " connections that say nothing, or as many as there are"
                                + " file descriptors for",
                        "\\d+ opened, all closed",
                        CONNECTIONS * CONNECTION_HEAP_BYTES_MAX,
                        Http1Attacks::crowd));
    }

    private static String smuggle(String lengths) {
        return "POST /echo" + HEAD + lengths + "\r\n\r\n";
    }

    private static Attack answered(String name, String status, String request) {
        return new Attack(
                "HTTP/1.1: " + name,
                "answered " + status + ", closed",
                subject -> {
                    try (RawHttp1 client = subject.http1()) {
                        return Outcome.of(client.send(request));
                    }
                });
    }

    private static String silent(Subject subject) throws IOException {
        try (RawHttp1 client = subject.http1()) {
            return Outcome.of(client);
        }
    }

    private static String slowHead(Subject subject) throws IOException {
        try (RawHttp1 client = subject.http1()) {
            client.send("GET /hello HTTP/1.1\r\nHost: ").drip(DRIPS_MAX);
            return Outcome.of(client);
        }
    }

    private static String slowBody(Subject subject) throws IOException {
        try (RawHttp1 client = subject.http1()) {
            client.send("POST /echo" + HEAD + "Content-Length: 100000\r\n\r\n").drip(DRIPS_MAX);
            return Outcome.of(client);
        }
    }

    private static String endlessBody(Subject subject) throws IOException {
        try (RawHttp1 client = subject.http1()) {
            client.send(smuggle("Transfer-Encoding: chunked"));
            byte[] chunk = ("10000\r\n" + "x".repeat(1 << 16) + "\r\n").getBytes(US_ASCII);
            try {
                for (int sent = 0; sent < 4_000; sent++) {
                    client.send(chunk);
                }
                return "took it all";
            } catch (SocketException e) {
                return Outcome.of(client);
            }
        }
    }

    private static String slowReader(Subject subject) throws Exception {
        try (RawHttp1 client = subject.http1()) {
            client.get("/events?count=10000000");
            subject.events.await("ended", System.nanoTime(), Outcome.LIMIT);
            return "closed";
        }
    }

    private static String pipeline(Subject subject) throws IOException {
        try (RawHttp1 client = subject.http1()) {
            String some = ("GET /header" + HEAD + "\r\n").repeat(1_000);
            for (int sent = 0; sent < 1_000; sent++) {
                client.send(some);
            }
            return "took it all";
        } catch (SocketException e) {
            return "closed";
        }
    }

    private static String crowd(Subject subject) throws IOException {
        UnixOperatingSystemMXBean system =
                (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
        int count = (int) Math.min(CONNECTIONS, free / 2 - 200);
        List<RawHttp1> clients = new ArrayList<>();
        try {
            for (int number = 0; number < count; number++) {
                clients.add(subject.http1());
            }
            for (RawHttp1 client : clients) {
                String end = Outcome.of(client);
                if (!end.equals("closed")) {
                    return end;
                }
            }
            return count + " opened, all closed";
        } finally {
            for (RawHttp1 client : clients) {
                client.close();
            }
        }
    }
}
