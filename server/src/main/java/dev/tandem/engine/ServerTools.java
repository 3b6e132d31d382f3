package dev.tandem.engine;

import dev.tandem.auth.Caller;
import dev.tandem.catalog.Model;
import dev.tandem.conversation.ToolSpec;
import dev.tandem.run.Run;
import dev.tandem.session.Session;
import dev.tandem.tool.ToolPrecedence;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolSelection;
import dev.tandem.tool.ToolSelections;
import dev.tandem.toolbox.CallOutcome;
import dev.tandem.toolbox.CallWatcher;
import dev.tandem.toolbox.Offer;
import dev.tandem.toolbox.OfferedTool;
import dev.tandem.toolbox.ToolRequest;
import dev.tandem.toolbox.Toolbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/// This server's tools for the answers of models: which are offered, and the rounds in which they
/// are called.
public final class ServerTools {
    private final Toolbox toolbox;
    private final ToolPrecedence precedence;
    private final LoopSettings settings;

    /// @param precedence what is offered where the request does not say otherwise
    public ServerTools(Toolbox toolbox, ToolPrecedence precedence, LoopSettings settings) {
        this.toolbox = toolbox;
        this.precedence = precedence;
        this.settings = settings;
    }

    /// No tools at all.
    public static ServerTools none() {
        Toolbox empty =
                new Toolbox() {
                    @Override
                    public Offer offer(ToolScope scope, ToolSelection selection) {
                        return Offer.NONE;
                    }

                    @Override
                    public CallOutcome call(ToolRequest request, CallWatcher watcher) {
                        throw new IllegalStateException("nothing was offered");
                    }
                };
        ToolSelections unchosen =
                new ToolSelections() {
                    @Override
                    public ToolSelection find(String tenant, String owner) {
                        return ToolSelection.INHERIT;
                    }

                    @Override
                    public void save(String tenant, String owner, ToolSelection selection) {
                        throw new IllegalStateException("nothing can be chosen");
                    }
                };
        return new ServerTools(
                empty, new ToolPrecedence(unchosen, ToolSelection.INHERIT), LoopSettings.DEFAULTS);
    }

    /// Tools as one run offers them.
    ///
    /// @param auditsArguments whether the audit log keeps the arguments of their calls
    record Offered(ToolScope scope, Offer offer, boolean auditsArguments) {
        Optional<OfferedTool> find(String name) {
            return offer.find(name);
        }

        boolean isEmpty() {
            return offer.tools().isEmpty();
        }

        /// The tools as a model is told of them.
        List<ToolSpec> specs() {
            return offer.tools().stream().map(Offered::spec).toList();
        }

        private static ToolSpec spec(OfferedTool tool) {
            return new ToolSpec(
                    tool.name(),
                    tool.definition().description().or(tool.definition()::title),
                    tool.definition().inputSchemaJson(),
                    Optional.empty());
        }
    }

    LoopSettings settings() {
        return settings;
    }

    /// What is offered to the model of a plan. A conversation that is not kept has tools of this
    /// server only where it asks for them: other clients take them for their own.
    ///
    /// @param runId empty where nothing will be asked
    Offered offer(Plan plan, Optional<String> runId) throws InterruptedException {
        ToolScope scope = scope(plan, runId);
        boolean asked = plan.question().mcp().isPresent();
        boolean able = plan.model().can(Model.Capability.TOOLS);
        if (!asked && (plan.session().isEmpty() || !able)) {
            return new Offered(scope, Offer.NONE, true);
        }
        ToolSelection selection = selection(plan, scope);
        Offer offer = Offer.NONE;
        if (selection.enabled().orElse(true)) {
            offer = able ? offer(plan, scope, selection) : deaf(plan);
        }
        return new Offered(scope, offer, selection.auditArguments().orElse(true));
    }

    private ToolSelection selection(Plan plan, ToolScope scope) {
        return plan.question()
                .mcp()
                .orElse(ToolSelection.INHERIT)
                .over(precedence.of(scope.tenant(), scope.sessionId(), scope.projectId()));
    }

    private static Optional<String> project(Plan plan) {
        return plan.session().flatMap(Session::projectId).or(plan.question()::projectId);
    }

    private static ToolScope scope(Plan plan, Optional<String> runId) {
        Caller caller = plan.question().caller();
        return new ToolScope(
                caller.tenant(),
                caller.keyName(),
                caller.admin(),
                project(plan),
                plan.session().map(Session::id),
                runId);
    }

    /// A tool of the client's own keeps its name.
    private Offer offer(Plan plan, ToolScope scope, ToolSelection selection)
            throws InterruptedException {
        Offer offer = toolbox.offer(scope, selection);
        Set<String> taken =
                plan.question().tools().stream().map(ToolSpec::name).collect(Collectors.toSet());
        if (offer.tools().stream().noneMatch(tool -> taken.contains(tool.name()))) {
            return offer;
        }
        List<OfferedTool> tools = new ArrayList<>();
        List<Offer.Warning> warnings = new ArrayList<>(offer.warnings());
        for (OfferedTool tool : offer.tools()) {
            if (taken.contains(tool.name())) {
                warnings.add(
                        new Offer.Warning(
                                tool.serverName(),
                                "The tool "
                                        + tool.name()
                                        + " is left out: the request has one of that name."));
            } else {
                tools.add(tool);
            }
        }
        return new Offer(tools, warnings);
    }

    /// Worth a word where tools were asked for.
    private static Offer deaf(Plan plan) {
        String model = plan.model().id();
        String why = "The model " + model + " cannot call tools, so none are offered.";
        return new Offer(List.of(), List.of(new Offer.Warning(model, why)));
    }

    Semaphore places() {
        return new Semaphore(settings.parallelMax(), true);
    }

    /// The calls of one turn.
    ToolRound round(Run run, Offered offered, Semaphore places, Progress progress, RunBooks books) {
        return new ToolRound(run, offered, toolbox, places, progress, books);
    }
}
