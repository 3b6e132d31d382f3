package dev.tandem.toolbox;

import dev.tandem.approval.Answer;
import dev.tandem.approval.Approval;
import dev.tandem.approval.Approval.Remember;
import dev.tandem.approval.ApprovalFeed;
import dev.tandem.approval.ApprovalSettings;
import dev.tandem.approval.Approvals;
import dev.tandem.audit.AuditEntry;
import dev.tandem.audit.AuditLog;
import dev.tandem.audit.AuditQuery;
import dev.tandem.audit.AuditSettings;
import dev.tandem.audit.AuditStore;
import dev.tandem.conversation.Content;
import dev.tandem.id.Ids;
import dev.tandem.page.PageRequest;
import dev.tandem.storage.Samples;
import dev.tandem.storage.ToolSamples;
import dev.tandem.storage.jdbc.Database;
import dev.tandem.storage.jdbc.JdbcApprovalStore;
import dev.tandem.storage.jdbc.JdbcAuditStore;
import dev.tandem.storage.jdbc.JdbcToolRuleStore;
import dev.tandem.storage.jdbc.StorageSettings;
import dev.tandem.testing.HandClock;
import dev.tandem.tool.ToolDefinition;
import dev.tandem.tool.ToolProgress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// A toolbox over fake servers and a real database, with hands to make calls and to decide.
final class BoxBench implements AutoCloseable, CallWatcher {
    static final ToolboxSettings SETTINGS =
            new ToolboxSettings(Duration.ofSeconds(10), 128, Duration.ofSeconds(20), 1_000, 300, 2);

    final FakeSource source = new FakeSource();
    final HandClock clock = new HandClock(Samples.NOON);
    final BlockingQueue<Approval> asked = new LinkedBlockingQueue<>();
    final BlockingQueue<Approval> decided = new LinkedBlockingQueue<>();
    final BlockingQueue<ToolProgress> progress = new LinkedBlockingQueue<>();
    final Approvals approvals;
    final AuditLog audit;
    private final Database database;
    private final JdbcToolRuleStore rules;

    BoxBench(Path folder) {
        this(folder, store -> store);
    }

    /// @param audited what stands before the store of the audit log
    BoxBench(Path folder, UnaryOperator<AuditStore> audited) {
        database = Database.open(StorageSettings.DEFAULTS.in(folder));
        rules = new JdbcToolRuleStore(database);
        approvals =
                new Approvals(
                        new JdbcApprovalStore(database),
                        ApprovalSettings.DEFAULTS,
                        new Ids(clock, new SecureRandom()),
                        clock,
                        ApprovalFeed.NONE);
        audit =
                new AuditLog(
                        audited.apply(new JdbcAuditStore(database)), AuditSettings.DEFAULTS, clock);
    }

    Toolbox box() {
        return box(ToolPolicy.HINTS, SETTINGS, Optional.empty());
    }

    Toolbox box(ToolPolicy policy, ToolboxSettings settings, Optional<Sampler> sampler) {
        return new GovernedToolbox(
                List.of(source), policy, rules, approvals, audit, sampler, settings);
    }

    /// A tool that says that it changes nothing, or something.
    static OfferedTool tool(String name, boolean readOnly) {
        return tool(FakeSource.tool(name, "Does " + name + ".", readOnly));
    }

    static OfferedTool tool(ToolDefinition definition) {
        return new OfferedTool("files__" + definition.name(), "files", "files", definition);
    }

    static ToolRequest request(OfferedTool tool, String arguments) {
        return new ToolRequest(ToolSamples.SCOPE, tool, "call_1", arguments, true);
    }

    /// Calls a tool that needs no approval.
    CallOutcome call(String tool, String arguments) throws InterruptedException {
        return box().call(request(tool(tool, true), arguments), this);
    }

    /// Calls on a thread of its own, to be waited for or interrupted.
    Calling calling(Toolbox box, ToolRequest request) {
        FutureTask<CallOutcome> task = new FutureTask<>(() -> box.call(request, this));
        return new Calling(task, Thread.ofVirtual().start(task));
    }

    /// A call in progress.
    record Calling(FutureTask<CallOutcome> task, Thread thread) {
        CallOutcome outcome() throws Exception {
            return task.get(10, TimeUnit.SECONDS);
        }
    }

    Approval asked() throws InterruptedException {
        return Optional.ofNullable(asked.poll(10, TimeUnit.SECONDS)).orElseThrow();
    }

    Approval decided() throws InterruptedException {
        return Optional.ofNullable(decided.poll(10, TimeUnit.SECONDS)).orElseThrow();
    }

    void resolve(Approval open, boolean allow, Remember remember, String content, String note) {
        Approval _ =
                approvals.resolve(
                        Samples.TENANT,
                        open.id(),
                        new Answer(allow, "laptop", remember, given(content), given(note)));
    }

    private static Optional<String> given(String text) {
        return Optional.of(text).filter(some -> !some.isEmpty());
    }

    /// The log, newest first: `tool allowed by hints: succeeded`.
    List<String> log() {
        return entries().stream()
                .map(
                        entry ->
                                "%s %s by %s: %s"
                                        .formatted(
                                                entry.call().tool(),
                                                entry.ruling().word(),
                                                entry.ruling().by(),
                                                entry.status().word()))
                .toList();
    }

    List<AuditEntry> entries() {
        return audit.list(Samples.TENANT, AuditQuery.ALL, new PageRequest(99, Optional.empty()))
                .items();
    }

    static String text(CallOutcome outcome) {
        return outcome.output().content().stream()
                .map(piece -> piece instanceof Content.Text(String text) ? text : "<blob>")
                .collect(Collectors.joining("|"));
    }

    @Override
    public void progress(ToolProgress news) {
        progress.add(news);
    }

    @Override
    public void asked(Approval open) {
        asked.add(open);
    }

    @Override
    public void decided(Approval closed) {
        decided.add(closed);
    }

    @Override
    public void close() {
        database.close();
    }
}
