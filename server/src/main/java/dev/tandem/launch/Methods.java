package dev.tandem.launch;

import dev.tandem.id.Ids;
import dev.tandem.project.ProjectStore;
import dev.tandem.project.Workspaces;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.run.Runs;
import dev.tandem.service.ApprovalService;
import dev.tandem.service.AuditService;
import dev.tandem.service.ChatService;
import dev.tandem.service.Decisions;
import dev.tandem.service.McpService;
import dev.tandem.service.ModelService;
import dev.tandem.service.ProjectService;
import dev.tandem.service.ProjectTools;
import dev.tandem.service.RunFollower;
import dev.tandem.service.RunLookup;
import dev.tandem.service.SessionEvents;
import dev.tandem.service.SessionService;
import dev.tandem.service.SessionTools;
import dev.tandem.service.UsageService;
import dev.tandem.session.SessionStore;
import dev.tandem.watch.SessionFeed;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/// The methods of the contract, each service built once.
record Methods(
        ServerSettings settings,
        Runs runs,
        SessionFeed feed,
        Storage storage,
        Workspaces workspaces,
        Answering answering,
        Ids ids,
        InstantSource clock) {

    List<RpcMethod<?, ?>> all() {
        Decisions decisions = new Decisions(answering.governance.approvals);
        return Stream.of(
                        chat(decisions).methods(),
                        sessions().methods(),
                        projects().methods(),
                        new ModelService(answering.catalog, clock.instant()).methods(),
                        new UsageService(storage.usage, clock).methods(),
                        new ApprovalService(
                                        answering.governance.approvals,
                                        decisions,
                                        storage.toolRules)
                                .methods(),
                        new AuditService(answering.governance.audit).methods(),
                        new McpService(
                                        answering.mcp.hub,
                                        answering.plugins,
                                        answering.mcp.signIns,
                                        answering.toolbox,
                                        clock)
                                .methods())
                .<RpcMethod<?, ?>>flatMap(List::stream)
                .toList();
    }

    private ChatService chat(Decisions decisions) {
        SessionStore sessions = storage.sessions;
        RunFollower follower =
                new RunFollower(
                        runs, storage.runs, storage.archive, sessions, settings.runs().heartbeat());
        RunLookup lookup = new RunLookup(runs, storage.runs, sessions, follower);
        return new ChatService(
                answering.planner, answering.engine, runs, follower, lookup, decisions);
    }

    private SessionService sessions() {
        SessionStore sessions = storage.sessions;
        SessionTools tools =
                new SessionTools(
                        sessions,
                        answering.precedence,
                        answering.governance.audit,
                        answering.plugins::has);
        return new SessionService(
                sessions,
                storage.projects,
                answering.catalog,
                runs,
                new SessionEvents(feed, sessions, settings.runs()),
                tools,
                ids,
                clock);
    }

    private ProjectService projects() {
        ProjectStore projects = storage.projects;
        return new ProjectService(
                projects,
                workspaces,
                storage.sessions,
                runs,
                new ProjectTools(projects, storage.selections),
                ids,
                clock);
    }
}
