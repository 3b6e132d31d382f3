package dev.tandem.toolbox;

import dev.tandem.approval.Approvals;
import dev.tandem.approval.ToolRule;
import dev.tandem.approval.ToolRuleStore;
import dev.tandem.audit.AuditLog;
import dev.tandem.tool.ToolOutput;
import dev.tandem.tool.ToolScope;
import dev.tandem.tool.ToolSelection;
import dev.tandem.tool.ToolSource;
import dev.tandem.tool.ToolWatcher;
import java.util.List;
import java.util.Optional;

/// The toolbox in which nothing runs that was not judged and written down. An answer never fails:
/// whatever went wrong is told in it.
///
/// ```java
/// Toolbox box = new GovernedToolbox(sources, policy, rules, approvals, audit, sampler, settings);
/// Offer offer = box.offer(scope, ToolSelection.INHERIT);
/// box.call(new ToolRequest(scope, offer.tools().getFirst(), "call_1", "{}", true), watcher);
/// ```
public final class GovernedToolbox implements Toolbox {
    private final Sources sources;
    private final ToolPolicy policy;
    private final ToolRuleStore rules;
    private final Approvals approvals;
    private final AuditLog audit;
    private final Optional<Sampler> sampler;
    private final ToolboxSettings settings;
    private final ServerGates gates;

    /// @param sources where tools come from; where two have a server of one id, the first counts
    /// @param sampler asks models for servers; without one they are declined
    public GovernedToolbox(
            List<ToolSource> sources,
            ToolPolicy policy,
            ToolRuleStore rules,
            Approvals approvals,
            AuditLog audit,
            Optional<Sampler> sampler,
            ToolboxSettings settings) {
        this.sources = new Sources(sources);
        this.policy = policy;
        this.rules = rules;
        this.approvals = approvals;
        this.audit = audit;
        this.sampler = sampler;
        this.settings = settings;
        this.gates = new ServerGates(settings.perServerMax());
    }

    @Override
    public Offer offer(ToolScope scope, ToolSelection selection) throws InterruptedException {
        return selection.enabled().orElse(true)
                ? new Offers(policy, settings, scope, selection).of(sources.servers(scope))
                : Offer.NONE;
    }

    /// As the port says; throws where it is interrupted, when that is written down.
    @Override
    public CallOutcome call(ToolRequest request, CallWatcher watcher) throws InterruptedException {
        return new GovernedCall(this, request, watcher).run();
    }

    /// What policy and remembered decisions say of a call. What the operator forbids needs no look
    /// at the rest.
    Verdict judge(ToolRequest request, String definitionHash) {
        OfferedTool tool = request.tool();
        String name = tool.definition().name();
        List<ToolRule> remembered =
                policy.denies(tool.serverId(), tool.serverName(), name)
                        ? List.of()
                        : rules.of(request.scope(), tool.serverId(), name);
        return policy.judge(tool, definitionHash, remembered);
    }

    /// Makes the call, when the server has a place for it.
    ToolOutput callSource(ToolRequest request, String argumentsJson, ToolWatcher watcher)
            throws InterruptedException {
        String server = request.tool().serverId();
        try (ServerGates.Place _ = gates.enter(server)) {
            return sources.of(request.scope(), server)
                    .call(
                            request.scope(),
                            server,
                            request.tool().definition().name(),
                            argumentsJson,
                            watcher);
        }
    }

    OutputLimit limit() {
        return new OutputLimit(settings.outputBytesMax(), settings.imageBytesMax());
    }

    Approvals approvals() {
        return approvals;
    }

    AuditLog audit() {
        return audit;
    }

    Optional<Sampler> sampler() {
        return sampler;
    }

    ToolboxSettings settings() {
        return settings;
    }
}
