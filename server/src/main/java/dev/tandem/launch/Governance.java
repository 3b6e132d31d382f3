package dev.tandem.launch;

import dev.tandem.approval.ApprovalFeed;
import dev.tandem.approval.Approvals;
import dev.tandem.audit.AuditLog;
import dev.tandem.id.Ids;
import dev.tandem.tool.ToolSource;
import dev.tandem.toolbox.GovernedToolbox;
import dev.tandem.toolbox.Sampler;
import dev.tandem.toolbox.Toolbox;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What stands between a model and tools: policy, people, the audit log. What a server before left
/// open is put in order by then.
final class Governance {
    final Approvals approvals;
    final AuditLog audit;
    private final McpGovernance settings;
    private final Storage storage;

    Governance(McpGovernance settings, Storage storage, Ids ids, InstantSource clock) {
        this.settings = settings;
        this.storage = storage;
        this.approvals =
                new Approvals(
                        storage.approvals, settings.approvals(), ids, clock, ApprovalFeed.NONE);
        this.audit = new AuditLog(storage.audit, settings.audit(), clock);
        approvals.recover();
    }

    /// The toolbox over some sources of tools.
    ///
    /// @param sampler asks models for servers; without one they are declined
    Toolbox toolbox(List<ToolSource> sources, Optional<Sampler> sampler) {
        return new GovernedToolbox(
                sources,
                settings.policy(),
                storage.toolRules,
                approvals,
                audit,
                sampler,
                settings.calls());
    }
}
