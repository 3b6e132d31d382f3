package dev.tandem.toolbox;

import dev.tandem.approval.ToolRule;
import dev.tandem.tool.ToolHints;
import java.util.List;
import java.util.Optional;

/// Which calls may be made. In this order: what the operator forbids; what was decided before and
/// remembered; what else the operator says; and where nobody says anything, what the tool says of
/// itself. Hints are no promises, so silence asks.
///
/// @param rules the operator's; the first that is about a tool counts
public record ToolPolicy(List<PolicyRule> rules) {
    /// A policy without rules.
    public static final ToolPolicy HINTS = new ToolPolicy(List.of());

    public ToolPolicy {
        rules = List.copyOf(rules);
    }

    /// Whether the operator forbids a tool.
    public boolean denies(String serverId, String serverName, String tool) {
        return operator(serverId, serverName, tool)
                .filter(PolicyRule.Decision.DENY::equals)
                .isPresent();
    }

    /// Judges a call of a tool.
    ///
    /// @param definitionHash of what the tool says of itself now
    /// @param remembered rules for this tool that hold where the call is made
    public Verdict judge(OfferedTool tool, String definitionHash, List<ToolRule> remembered) {
        Optional<PolicyRule.Decision> operator =
                operator(tool.serverId(), tool.serverName(), tool.definition().name());
        if (operator.filter(PolicyRule.Decision.DENY::equals).isPresent()) {
            return new Verdict.Denied("policy", "the operator does not allow it");
        }
        return remembered(definitionHash, remembered)
                .or(() -> operator.map(ToolPolicy::said))
                .orElseGet(() -> hinted(tool.definition().hints(), !remembered.isEmpty()));
    }

    private Optional<PolicyRule.Decision> operator(
            String serverId, String serverName, String tool) {
        return rules.stream()
                .filter(rule -> rule.matches(serverId, serverName, tool))
                .findFirst()
                .map(PolicyRule::decision);
    }

    /// Of rules for the session and for the project, one that denies wins.
    private static Optional<Verdict> remembered(String definitionHash, List<ToolRule> rules) {
        List<ToolRule> valid =
                rules.stream()
                        .filter(rule -> rule.definitionHash().equals(definitionHash))
                        .toList();
        Optional<Verdict> denied =
                valid.stream()
                        .filter(rule -> !rule.allow())
                        .findFirst()
                        .map(
                                rule ->
                                        new Verdict.Denied(
                                                "rule " + rule.id(),
                                                "the user decided so, and not for one call only"));
        return denied.or(
                () ->
                        valid.stream()
                                .findFirst()
                                .map(rule -> new Verdict.Allowed("rule " + rule.id())));
    }

    private static Verdict said(PolicyRule.Decision decision) {
        return switch (decision) {
            case ALLOW -> new Verdict.Allowed("policy");
            case ASK -> new Verdict.Ask("The operator wants this tool to be allowed each time.");
            case DENY -> new Verdict.Denied("policy", "the operator does not allow it");
        };
    }

    /// @param changed whether there was a rule, for the tool as it described itself before
    private static Verdict hinted(ToolHints hints, boolean changed) {
        if (hints.destructive().orElse(false)) {
            return new Verdict.Ask("This tool says that it may destroy something.");
        }
        if (hints.readOnly().orElse(false)) {
            return new Verdict.Allowed("hints");
        }
        if (hints.destructive().isPresent()) {
            return new Verdict.Allowed("hints");
        }
        return new Verdict.Ask(
                changed
                        ? "This tool describes itself otherwise than when it was decided about."
                        : "This tool does not say whether it changes anything.");
    }
}
