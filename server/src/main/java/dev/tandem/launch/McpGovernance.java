package dev.tandem.launch;

import dev.tandem.approval.ApprovalSettings;
import dev.tandem.audit.AuditSettings;
import dev.tandem.toolbox.PolicyRule;
import dev.tandem.toolbox.PolicyRule.Decision;
import dev.tandem.toolbox.ToolPolicy;
import dev.tandem.engine.LoopSettings;
import dev.tandem.tool.ToolSelection;
import dev.tandem.toolbox.ToolboxSettings;
import java.util.List;
import java.util.Optional;

/// How calls of tools are governed.
record McpGovernance(
        ToolPolicy policy,
        ApprovalSettings approvals,
        AuditSettings audit,
        ToolboxSettings calls,
        LoopSettings loop,
        ToolSelection offered) {

    static McpGovernance read(Section mcp) {
        return new McpGovernance(
                new ToolPolicy(mcp.sections("policy").stream().map(McpGovernance::rule).toList()),
                approvals(mcp.section("approvals")),
                audit(mcp.section("audit")),
                calls(mcp.section("calls")),
                loop(mcp.section("loop")),
                offered(mcp.section("offer")));
    }

    private static PolicyRule rule(Section element) {
        String server = element.text("server", "*");
        String tool = element.text("tool", "*");
        Decision decision =
                element.optional("decision", Kind.wordOf(Decision.class))
                        .orElseThrow(
                                () ->
                                        element.wrong(
                                                "decision",
                                                "is missing; it must be one of allow, ask, deny"));
        return element.checked(() -> new PolicyRule(server, tool, decision));
    }

    private static ApprovalSettings approvals(Section section) {
        ApprovalSettings d = ApprovalSettings.DEFAULTS;
        return section.checked(
                () ->
                        new ApprovalSettings(
                                section.duration("timeout", d.timeout()),
                                section.integer("open-max", d.openMax()),
                                section.duration("retention", d.retention())));
    }

    private static AuditSettings audit(Section section) {
        AuditSettings d = AuditSettings.DEFAULTS;
        return section.checked(
                () ->
                        new AuditSettings(
                                section.flag("arguments", d.arguments()),
                                section.bytes("argument-bytes-max", d.argumentBytesMax())));
    }

    private static LoopSettings loop(Section section) {
        LoopSettings d = LoopSettings.DEFAULTS;
        return section.checked(
                () ->
                        new LoopSettings(
                                section.integer("steps-max", d.stepsMax()),
                                section.integer("parallel-max", d.parallelMax()),
                                section.duration("total-max", d.totalMax())));
    }

    private static ToolSelection offered(Section section) {
        return new ToolSelection(
                Optional.of(section.flag("enabled", true)),
                section.texts("servers", List.of()),
                section.texts("tools", List.of()),
                section.texts("priority", List.of()),
                Optional.empty());
    }

    private static ToolboxSettings calls(Section section) {
        ToolboxSettings d = ToolboxSettings.DEFAULTS;
        return section.checked(
                () ->
                        new ToolboxSettings(
                                section.duration("list-timeout", d.listTimeout()),
                                section.integer("tools-max", d.toolsMax()),
                                section.duration("timeout", d.timeout()),
                                section.bytes("output-bytes-max", d.outputBytesMax()),
                                section.bytes("image-bytes-max", d.imageBytesMax()),
                                section.integer("per-server-max", d.perServerMax())));
    }
}
