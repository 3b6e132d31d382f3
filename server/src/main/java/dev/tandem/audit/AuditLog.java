package dev.tandem.audit;

import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import java.time.InstantSource;
import java.util.Optional;

/// Writes down every call before and after, and reads it all again. Safe for use by many threads.
public final class AuditLog {
    private final AuditStore store;
    private final AuditSettings settings;
    private final InstantSource clock;
    private final long startedAt;

    public AuditLog(AuditStore store, AuditSettings settings, InstantSource clock) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
        this.startedAt = store.head().seq();
    }

    /// A call that was decided and has not ended.
    public record Open(long seq, AuditCall call) {}

    /// The arguments of a call as the log keeps them: without secrets, and bounded.
    ///
    /// @param wanted whether the caller wants them kept
    public Optional<String> kept(String argumentsJson, boolean wanted) {
        return wanted && settings.arguments()
                ? Optional.of(shown(argumentsJson))
                : Optional.empty();
    }

    /// Arguments for the eyes of people: without secrets, and bounded.
    public String shown(String argumentsJson) {
        return Redaction.of(argumentsJson, settings.argumentBytesMax());
    }

    /// Writes that a call may be made, or not. Only then it may be.
    public Open decided(AuditCall call, Ruling ruling) {
        return new Open(store.decided(call, ruling, clock.instant()), call);
    }

    /// Writes how a call ended.
    public void ended(Open open, AuditOutcome outcome) {
        store.ended(open.seq(), open.call(), outcome, clock.instant());
    }

    /// Lists a tenant's calls, newest first.
    public Page<AuditEntry> list(String tenant, AuditQuery query, PageRequest page) {
        return store.list(tenant, query, page, startedAt);
    }

    /// Checks the whole log.
    public AuditCheck.Result verify() {
        return new AuditCheck(store, Optional.empty()).run();
    }
}
