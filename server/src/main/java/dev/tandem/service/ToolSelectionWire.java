package dev.tandem.service;

import dev.tandem.tool.ToolSelection;

/// Which tools are offered, between wire and domain.
final class ToolSelectionWire {
    private ToolSelectionWire() {}

    static ToolSelection domain(dev.tandem.v1.ToolSelection wire) {
        return new ToolSelection(
                Fields.flag(wire.hasEnabled(), wire.getEnabled()),
                wire.getEnabledServersList(),
                wire.getEnabledToolsList(),
                wire.getPriorityList(),
                Fields.flag(wire.hasAuditLog(), wire.getAuditLog()));
    }

    static dev.tandem.v1.ToolSelection.Builder wire(ToolSelection selection) {
        dev.tandem.v1.ToolSelection.Builder wire =
                dev.tandem.v1.ToolSelection.newBuilder()
                        .addAllEnabledServers(selection.servers())
                        .addAllEnabledTools(selection.tools())
                        .addAllPriority(selection.priority());
        selection.enabled().ifPresent(wire::setEnabled);
        selection.auditArguments().ifPresent(wire::setAuditLog);
        return wire;
    }
}
