package dev.tandem.edge.mcp;

import java.time.Duration;

/// What the operator decides about the server as an MCP server.
///
/// @param enabled whether there is one; true
/// @param sessionsMax sessions of one tenant at once; 256
/// @param sessionIdle how long a session stays without a request; 30 min
/// @param callsMax requests in progress at once in one session; 64
/// @param resumeMax how long a call goes on after its client's connection broke, for the client to
///     come back; 1 min
/// @param inputMax how long a call waits for a client without a session that was asked something;
///     10 min
/// @param readMax how long a server may take to read a resource or to make a prompt; 5 min
/// @param heartbeat silence after which a waiting client gets a sign of life; 15 s
/// @param pageMax the most entries of one page of a list; 200
/// @param streamCharsMax what is kept of a stream for a client that comes back, in characters;
///     1048576
/// @param listTtl how long a client may take a list for fresh; 10 s
public record McpEdgeSettings(
        boolean enabled,
        int sessionsMax,
        Duration sessionIdle,
        int callsMax,
        Duration resumeMax,
        Duration inputMax,
        Duration readMax,
        Duration heartbeat,
        int pageMax,
        int streamCharsMax,
        Duration listTtl) {

    public static final McpEdgeSettings DEFAULTS =
            new McpEdgeSettings(
                    true,
                    256,
                    Duration.ofMinutes(30),
                    64,
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(15),
                    200,
                    1 << 20,
                    Duration.ofSeconds(10));

    public McpEdgeSettings {
        atLeastOne("sessions-max", sessionsMax);
        atLeastOne("calls-max", callsMax);
        atLeastOne("page-max", pageMax);
        atLeastOne("stream-chars-max", streamCharsMax);
        positive("session-idle", sessionIdle);
        positive("resume-max", resumeMax);
        positive("input-max", inputMax);
        positive("read-max", readMax);
        positive("heartbeat", heartbeat);
        if (listTtl.isNegative()) {
            throw new IllegalArgumentException(
                    "endpoint.list-ttl must not be negative, was " + listTtl);
        }
    }

    private static void atLeastOne(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "endpoint." + key + " must be at least 1, was " + value);
        }
    }

    private static void positive(String key, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(
                    "endpoint." + key + " must be longer than 0s, was " + value);
        }
    }
}
