package dev.tandem.launch;

import dev.tandem.audit.AuditLog;
import dev.tandem.auth.Caller;
import dev.tandem.conversation.Message;
import dev.tandem.conversation.Role;
import dev.tandem.engine.Begun;
import dev.tandem.engine.Question;
import dev.tandem.hub.Hub;
import dev.tandem.id.Ids;
import dev.tandem.launch.Layer.Found;
import dev.tandem.mcp.NpmServers;
import dev.tandem.observe.ServerMetrics;
import dev.tandem.project.Workspaces;
import dev.tandem.provider.ModelRequest.Options;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunReader;
import dev.tandem.run.RunTerms;
import dev.tandem.run.Runs;
import dev.tandem.session.Session;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolSelection;
import dev.tandem.toolbox.Offer;
import dev.tandem.toolbox.OfferedTool;
import dev.tandem.toolbox.Toolbox;
import dev.tandem.watch.SessionFeed;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The server without its wires: what answers questions, with its database and one MCP server.
/// Whoever opens it closes it.
final class ToolRig implements AutoCloseable {
    static final Caller CALLER = Caller.ANONYMOUS;
    static final ToolScope SCOPE =
            new ToolScope(
                    CALLER.tenant(),
                    CALLER.keyName(),
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    private final InstantSource clock = Clock.tickMillis(ZoneOffset.UTC);
    private final Ids ids = new Ids(clock, new SecureRandom());
    private final Runs runs;
    private final Storage storage;
    private final Providers providers;
    private final ServerMetrics metrics;
    private final Answering answering;

    /// An event of a run, and when it was read.
    record Timed(long nanos, RunEvent event) {}

    /// @param folder holds the data, and plugins below it
    ToolRig(Path folder) {
        ServerSettings settings = settings(folder);
        runs = new Runs(settings.runs());
        storage = new Storage(settings, runs, new SessionFeed(), ids, clock);
        providers = new Providers(settings);
        metrics = new ServerMetrics(Version.current(), () -> Duration.ZERO);
        answering =
                new Answering(
                        settings,
                        runs,
                        storage,
                        providers,
                        new Workspaces(settings.workspaces()),
                        metrics,
                        ids,
                        clock);
    }

    private static ServerSettings settings(Path folder) {
        Map<String, Found> flags = new LinkedHashMap<>();
        for (String setting :
                List.of(
                        "storage.data=" + folder,
                        "local.enabled=false",
                        "scripted.enabled=true",
                        "scripted.pace=0ms",
                        "mcp.claude-servers=false",
                        "mcp.policy.0.decision=allow",
                        "mcp.loop.steps-max=1000",
                        "mcp.servers.every.command=node",
                        "mcp.servers.every.args=" + NpmServers.script("everything"))) {
            String[] parts = setting.split("=", 2);
            flags.put(parts[0], new Found("--set", parts[1]));
        }
        Configuration all =
                Configuration.read(
                        new Arguments(
                                Arguments.Task.SERVE, Optional.empty(), flags, Optional.empty()),
                        Map.of(),
                        folder);
        return ServerSettings.read(all, Map.of(), folder);
    }

    Hub hub() {
        return answering.mcp.hub;
    }

    Toolbox toolbox() {
        return answering.toolbox;
    }

    AuditLog audit() {
        return answering.governance.audit;
    }

    OfferedTool tool(String name) throws InterruptedException {
        Offer offer = toolbox().offer(SCOPE, ToolSelection.INHERIT);
        return offer.find(name)
                .orElseThrow(() -> new IllegalStateException("no " + name + " in " + offer));
    }

    /// What happens in an answer in a session of its own.
    List<Timed> answer(String script) throws InterruptedException {
        Session session =
                Session.fresh(
                        ids.session(),
                        CALLER.tenant(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        clock.instant());
        storage.sessions.create(session);
        Begun begun =
                answering.engine.begin(
                        CALLER.tenant(),
                        RunTerms.NONE,
                        () -> answering.planner.plan(question(session.id(), script)));
        return switch (begun) {
            case Begun.Live(Run run) -> events(run);
            case Begun.Before _ -> throw new IllegalStateException("it was asked before");
        };
    }

    private static List<Timed> events(Run run) throws InterruptedException {
        List<Timed> all = new ArrayList<>();
        RunReader reader = run.log().readAfter(0);
        while (all.isEmpty() || !(all.getLast().event() instanceof RunEvent.End)) {
            List<RunEvent> some = reader.next(Duration.ofMinutes(1));
            long now = System.nanoTime();
            some.forEach(event -> all.add(new Timed(now, event)));
        }
        return all;
    }

    private static Question question(String session, String script) {
        return new Question(
                CALLER,
                Optional.of("scripted/demo"),
                List.of(Message.text(Role.USER, "/script\n" + script)),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Options.NONE,
                Optional.of(session),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public void close() {
        runs.close();
        answering.close();
        providers.close();
        metrics.close();
        storage.close();
    }
}
