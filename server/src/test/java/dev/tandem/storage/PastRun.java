package dev.tandem.storage;

import dev.tandem.conversation.Usage;
import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import dev.tandem.run.RunEvent.Bill;
import dev.tandem.run.RunInfo;
import dev.tandem.run.RunRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A run to add up: who asked whom for what, and when.
public record PastRun(
        String tenant,
        Instant began,
        String model,
        String provider,
        Optional<String> projectId,
        Optional<String> sessionId,
        String keyName) {

    /// A run of [Samples#TENANT], outside of sessions.
    public static PastRun at(String began) {
        return new PastRun(
                Samples.TENANT,
                Instant.parse(began),
                "claude-sonnet-5",
                "anthropic",
                Optional.empty(),
                Optional.empty(),
                "phone");
    }

    public PastRun of(String otherTenant) {
        return new PastRun(otherTenant, began, model, provider, projectId, sessionId, keyName);
    }

    public PastRun with(String otherModel, String otherProvider) {
        return new PastRun(tenant, began, otherModel, otherProvider, projectId, sessionId, keyName);
    }

    public PastRun in(String project, String session) {
        return new PastRun(
                tenant,
                began,
                model,
                provider,
                Optional.of(project),
                Optional.of(session),
                keyName);
    }

    public PastRun by(String otherKey) {
        return new PastRun(tenant, began, model, provider, projectId, sessionId, otherKey);
    }

    /// It ended well.
    public RunRecord used(Usage usage, long costNanos) {
        return Samples.completed(
                begun(), new Bill(usage, OptionalLong.of(costNanos), Optional.of("in 3 out 15")));
    }

    /// It ended well, and its model has no known price.
    public RunRecord unpriced(Usage usage) {
        return Samples.completed(begun(), new Bill(usage, OptionalLong.empty(), Optional.empty()));
    }

    /// It failed before anything was used.
    public RunRecord failed() {
        return Samples.failed(begun(), new Failure(FailureCode.UPSTREAM_ERROR, "down"));
    }

    public RunRecord begun() {
        RunInfo sample = Samples.run(tenant, sessionId).info();
        return RunRecord.begun(
                new RunInfo(
                        sample.id(),
                        tenant,
                        keyName,
                        sessionId,
                        projectId,
                        model,
                        provider,
                        began,
                        sample.kept(),
                        sample.epoch(),
                        sample.terms(),
                        List.of()));
    }
}
