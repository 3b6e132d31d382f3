package dev.tandem.edge.listener;

/// What carries HTTP/2 and gRPC. HTTP/1.1 is Helidon's on both.
public enum Transport {
    /// Netty's HTTP/2 codec in front of grpc-java's in-process server. The default.
    NETTY,

    /// Helidon's own HTTP/2 and gRPC. Experimental: it fails clients in the ways that the
    /// conformance table lists, most limits of [ListenerSettings] do not reach it, and there is no
    /// reflection.
    HELIDON
}
