package dev.tandem.edge.mcp;

import java.time.Duration;

/// Settings that differ from the defaults in one thing.
final class Settings {
    private static final McpEdgeSettings D = McpEdgeSettings.DEFAULTS;

    private Settings() {}

    static McpEdgeSettings sessionsMax(int max) {
        return of(max, D.callsMax(), D.resumeMax(), D.inputMax(), D.readMax(), D.pageMax());
    }

    static McpEdgeSettings callsMax(int max) {
        return of(D.sessionsMax(), max, D.resumeMax(), D.inputMax(), D.readMax(), D.pageMax());
    }

    static McpEdgeSettings resumeMax(Duration max) {
        return of(D.sessionsMax(), D.callsMax(), max, D.inputMax(), D.readMax(), D.pageMax());
    }

    static McpEdgeSettings inputMax(Duration max) {
        return of(D.sessionsMax(), D.callsMax(), D.resumeMax(), max, D.readMax(), D.pageMax());
    }

    static McpEdgeSettings readMax(Duration max) {
        return of(D.sessionsMax(), D.callsMax(), D.resumeMax(), D.inputMax(), max, D.pageMax());
    }

    static McpEdgeSettings pageMax(int max) {
        return of(D.sessionsMax(), D.callsMax(), D.resumeMax(), D.inputMax(), D.readMax(), max);
    }

    static McpEdgeSettings heartbeat(Duration silence) {
        return new McpEdgeSettings(
                true,
                D.sessionsMax(),
                D.sessionIdle(),
                D.callsMax(),
                D.resumeMax(),
                D.inputMax(),
                D.readMax(),
                silence,
                D.pageMax(),
                D.streamCharsMax(),
                D.listTtl());
    }

    private static McpEdgeSettings of(
            int sessionsMax,
            int callsMax,
            Duration resumeMax,
            Duration inputMax,
            Duration readMax,
            int pageMax) {
        return new McpEdgeSettings(
                true,
                sessionsMax,
                D.sessionIdle(),
                callsMax,
                resumeMax,
                inputMax,
                readMax,
                D.heartbeat(),
                pageMax,
                D.streamCharsMax(),
                D.listTtl());
    }
}
