package dev.tandem.storage;

import dev.tandem.conversation.FinishReason;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.conversation.Usage;
import dev.tandem.failure.Failure;
import dev.tandem.id.Ids;
import dev.tandem.project.Project;
import dev.tandem.run.RunEvent.Bill;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunInfo;
import dev.tandem.run.RunKey;
import dev.tandem.run.RunRecord;
import dev.tandem.run.RunTerms;
import dev.tandem.session.Session;
import dev.tandem.session.StoredMessage;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Things to store.
public final class Samples {
    public static final String TENANT = "ours";
    public static final String OTHERS = "theirs";
    public static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123Z");
    public static final Instant LATER = NOON.plusSeconds(60);
    public static final Usage USAGE = new Usage(100, 20, 30, 40, 10, 15);

    private static final Ids IDS = new Ids(InstantSource.fixed(NOON), new SecureRandom());

    private Samples() {}

    public static Session session() {
        return sessionIn(TENANT, Optional.empty());
    }

    public static Session sessionIn(String tenant, Optional<String> projectId) {
        return Session.fresh(
                IDS.session(),
                tenant,
                projectId,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                NOON);
    }

    public static Project project(String path) {
        return projectOf(TENANT, path);
    }

    public static Project projectOf(String tenant, String path) {
        return new Project(
                IDS.project(),
                tenant,
                "Kite",
                Optional.of("A kite that flies"),
                path,
                true,
                NOON,
                NOON);
    }

    /// A run of a session that begins.
    public static RunRecord run(Session session) {
        return run(session.tenant(), Optional.of(session.id()));
    }

    public static RunRecord run(String tenant, Optional<String> sessionId) {
        return RunRecord.begun(
                new RunInfo(
                        IDS.run(),
                        tenant,
                        "phone",
                        sessionId,
                        Optional.empty(),
                        "claude-sonnet-5",
                        "anthropic",
                        NOON,
                        true,
                        1,
                        RunTerms.NONE,
                        List.of("logit_bias", "a \"quoted\"\nname")));
    }

    public static StoredMessage question(RunRecord run, String text) {
        return message(run, Message.text(Role.USER, text));
    }

    public static StoredMessage answer(RunRecord run, String text) {
        return message(run, Message.text(Role.ASSISTANT, text));
    }

    public static StoredMessage message(RunRecord run, Message message) {
        return new StoredMessage(
                IDS.message(),
                run.info().sessionId().orElseThrow(),
                Optional.of(run.info().id()),
                message,
                7,
                NOON);
    }

    public static Bill bill(long costNanos) {
        return new Bill(USAGE, OptionalLong.of(costNanos), Optional.of("in 3 out 15"));
    }

    public static RunRecord completed(RunRecord run, Bill bill) {
        return run.ended(
                new RunEvent.Completed(
                        FinishReason.STOP,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        bill),
                LATER);
    }

    public static RunRecord failed(RunRecord run, Failure failure) {
        return run.ended(new RunEvent.Failed(failure, Bill.NONE), LATER);
    }

    /// The same run, begun with an idempotency key.
    public static RunRecord keyed(RunRecord run, String key, String hash) {
        RunInfo info = run.info();
        return RunRecord.begun(
                new RunInfo(
                        info.id(),
                        info.tenant(),
                        info.keyName(),
                        info.sessionId(),
                        info.projectId(),
                        info.model(),
                        info.provider(),
                        info.createdAt(),
                        info.kept(),
                        info.epoch(),
                        new RunTerms(false, false, Optional.of(new RunKey(key, hash))),
                        info.ignoredParameters()));
    }
}
