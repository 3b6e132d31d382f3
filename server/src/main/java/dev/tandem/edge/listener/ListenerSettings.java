package dev.tandem.edge.listener;

import java.time.Duration;
import java.util.Optional;

/// Where the server listens, and how long and how much it lets a client take.
///
/// @param host name or address to bind
/// @param port port to bind, 0 for any free one
/// @param transport what carries HTTP/2 and gRPC
/// @param timeouts how long a client may keep the server waiting
/// @param limits how much a client may take
/// @param keepAlive how a client that vanished without a word is noticed
/// @param tls the certificate; without it the port speaks in plain
public record ListenerSettings(
        String host,
        int port,
        Transport transport,
        Timeouts timeouts,
        Limits limits,
        KeepAlive keepAlive,
        Optional<TlsSettings> tls) {

    public ListenerSettings {
        require(!host.isBlank(), "listener.host must not be empty");
        require(port >= 0 && port <= 65_535, "listener.port must be 0 to 65535, was " + port);
        require(
                tls.isEmpty() || transport == Transport.NETTY,
                "listener.grpc.transport must be netty with TLS, was helidon");
    }

    /// All interfaces, port 8080, every limit at its default.
    public static ListenerSettings defaults() {
        return new ListenerSettings(
                "0.0.0.0",
                8080,
                Transport.NETTY,
                Timeouts.defaults(),
                Limits.defaults(),
                KeepAlive.defaults(),
                Optional.empty());
    }

    /// The same settings on another address.
    public ListenerSettings at(String host, int port) {
        return new ListenerSettings(host, port, transport, timeouts, limits, keepAlive, tls);
    }

    /// The same settings on another transport.
    public ListenerSettings over(Transport transport) {
        return new ListenerSettings(host, port, transport, timeouts, limits, keepAlive, tls);
    }

    /// The same settings with TLS.
    public ListenerSettings with(TlsSettings tls) {
        return new ListenerSettings(
                host, port, transport, timeouts, limits, keepAlive, Optional.of(tls));
    }

    /// How long a client may keep the server waiting.
    ///
    /// @param head from the first byte of a request to the end of its head; also from the
    ///     connection to its first byte, and from an HTTP/2 preface to the first request; 10 s
    /// @param body the longest silence within a request body; 30 s
    /// @param write the longest a write to an HTTP/1.1 client may make no progress; 60 s
    /// @param idle how long a connection without a request stays open; 5 min
    public record Timeouts(Duration head, Duration body, Duration write, Duration idle) {

        public Timeouts {
            requirePositive(head, "timeouts.head");
            requirePositive(body, "timeouts.body");
            requirePositive(write, "timeouts.write");
            requirePositive(idle, "timeouts.idle");
        }

        public static Timeouts defaults() {
            return new Timeouts(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(5));
        }
    }

    /// How much a client may take.
    ///
    /// @param connectionsMax open connections; further ones wait unaccepted; 10,000
    /// @param streamsMax requests at once on one HTTP/2 connection; 1,000
    /// @param headBytesMax size of a request head; 16 KiB
    /// @param messageBytesMax size of a gRPC request message, packed and unpacked; 32 MiB
    /// @param bodyBytesMax size of an HTTP request body; 32 MiB
    /// @param streamWindowBytes request bytes in flight on one HTTP/2 stream; 1 MiB
    /// @param connectionWindowBytes request bytes in flight on one HTTP/2 connection; 4 MiB
    /// @param sendBufferBytes the kernel's send buffer of a connection; 64 KiB
    /// @param resetsMax streams that either side may reset within `resetWindow`; 200
    /// @param resetWindow the time over which resets are counted; 10 s
    public record Limits(
            int connectionsMax,
            int streamsMax,
            int headBytesMax,
            int messageBytesMax,
            int bodyBytesMax,
            int streamWindowBytes,
            int connectionWindowBytes,
            int sendBufferBytes,
            int resetsMax,
            Duration resetWindow) {

        /// The connection's window every HTTP/2 peer starts with.
        static final int FIRST_WINDOW_BYTES = 65_535;

        public Limits {
            requirePositive(connectionsMax, "limits.connections-max");
            requirePositive(streamsMax, "limits.streams-max");
            requirePositive(headBytesMax, "limits.head-bytes-max");
            requirePositive(messageBytesMax, "limits.message-bytes-max");
            requirePositive(bodyBytesMax, "limits.body-bytes-max");
            requirePositive(streamWindowBytes, "limits.stream-window-bytes");
            require(
                    connectionWindowBytes >= FIRST_WINDOW_BYTES,
                    "listener.limits.connection-window-bytes must be at least 65535, was "
                            + connectionWindowBytes);
            requirePositive(sendBufferBytes, "limits.send-buffer-bytes");
            requirePositive(resetsMax, "limits.resets-max");
            require(
                    resetWindow.toSeconds() >= 1,
                    "listener.limits.reset-window must be at least 1 s, was " + resetWindow);
        }

        public static Limits defaults() {
            return new Limits(
                    10_000,
                    1_000,
                    16 << 10,
                    32 << 20,
                    32 << 20,
                    1 << 20,
                    4 << 20,
                    64 << 10,
                    200,
                    Duration.ofSeconds(10));
        }
    }

    /// How a client that vanished without a word is noticed: HTTP/2 PINGs while requests run.
    ///
    /// @param interval silence after which the client is asked whether it is still there; 30 s
    /// @param timeout how long it may take to answer; 10 s
    public record KeepAlive(Duration interval, Duration timeout) {

        public KeepAlive {
            requirePositive(interval, "keep-alive.interval");
            requirePositive(timeout, "keep-alive.timeout");
        }

        public static KeepAlive defaults() {
            return new KeepAlive(Duration.ofSeconds(30), Duration.ofSeconds(10));
        }
    }

    private static void requirePositive(int value, String name) {
        require(value > 0, "listener." + name + " must be at least 1, was " + value);
    }

    private static void requirePositive(Duration value, String name) {
        require(value.isPositive(), "listener." + name + " must be longer than 0, was " + value);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
