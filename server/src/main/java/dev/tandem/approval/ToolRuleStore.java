package dev.tandem.approval;

import dev.tandem.page.Page;
import dev.tandem.page.PageRequest;
import dev.tandem.tool.ToolScope;
import java.util.List;

/// Where rules are kept. They are made with the decision that they remember: [ApprovalStore#close].
public interface ToolRuleStore {
    /// The rules for a tool that hold in a scope: its session's and its project's.
    List<ToolRule> of(ToolScope scope, String server, String tool);

    /// Lists a tenant's rules, newest first.
    Page<ToolRule> list(String tenant, ToolRuleQuery query, PageRequest page);

    /// Forgets a rule, and says whether there was one.
    boolean delete(String tenant, String id);
}
