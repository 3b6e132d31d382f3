package dev.tandem.launch;

import dev.tandem.catalog.Catalog;
import dev.tandem.engine.Engine;
import dev.tandem.engine.ModelSampler;
import dev.tandem.engine.Planner;
import dev.tandem.engine.RunBooks;
import dev.tandem.engine.ServerTools;
import dev.tandem.id.Ids;
import dev.tandem.observe.RunMetrics;
import dev.tandem.observe.ServerMetrics;
import dev.tandem.observe.ToolMetrics;
import dev.tandem.plugin.PluginSource;
import dev.tandem.project.Workspaces;
import dev.tandem.run.Runs;
import dev.tandem.tool.ToolPrecedence;
import dev.tandem.toolbox.ObservedToolbox;
import dev.tandem.toolbox.Toolbox;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What answers questions: models, and the tools that they call.
final class Answering implements AutoCloseable {
    final Catalog catalog;
    final Planner planner;
    final Governance governance;
    final McpServers mcp;
    final Toolbox toolbox;
    final ToolPrecedence precedence;
    final Engine engine;
    final PluginSource plugins;

    Answering(
            ServerSettings settings,
            Runs runs,
            Storage storage,
            Providers providers,
            Workspaces workspaces,
            ServerMetrics metrics,
            Ids ids,
            InstantSource clock) {
        governance = new Governance(settings.tools(), storage, ids, clock);
        mcp = new McpServers(settings.mcp(), storage, workspaces, metrics, clock);
        plugins =
                new PluginSource(
                        settings.plugins(),
                        (tenant, project) ->
                                storage.projects.find(tenant, project).map(workspaces::folder),
                        ids,
                        clock);
        catalog = providers.catalog(settings);
        planner =
                new Planner(
                        catalog,
                        providers.byName(),
                        storage.sessions,
                        storage.projects,
                        ids,
                        clock);
        RunBooks books = new RunBooks(storage.runs, storage.archiver, storage.sessions, ids, clock);
        RunMetrics observer = new RunMetrics(metrics);
        Engine plain =
                new Engine(
                        runs,
                        storage.runs,
                        books,
                        planner,
                        ServerTools.none(),
                        observer,
                        ids,
                        clock,
                        storage.epoch);
        ModelSampler sampler = new ModelSampler(plain, planner, catalog, storage.sessions);
        toolbox =
                new ObservedToolbox(
                        governance.toolbox(List.of(mcp.hub, plugins), Optional.of(sampler)),
                        new ToolMetrics(metrics));
        precedence = new ToolPrecedence(storage.selections, settings.tools().offered());
        engine =
                new Engine(
                        runs,
                        storage.runs,
                        books,
                        planner,
                        new ServerTools(toolbox, precedence, settings.tools().loop()),
                        observer,
                        ids,
                        clock,
                        storage.epoch);
    }

    @Override
    public void close() {
        mcp.close();
        plugins.close();
    }
}
