package dev.tandem.service;

import dev.tandem.tool.ToolSelection;
import java.util.Optional;

/// Which tools are offered, between wire and domain.
final class ToolSelectionWire {
    private ToolSelectionWire() {}

    static ToolSelection domain(dev.tandem.v1.ToolSelection wire) {
        return new ToolSelection(
                wire.hasEnabled() ? Optional.of(wire.getEnabled()) : Optional.empty(),
                wire.getEnabledServersList(),
                wire.getEnabledToolsList(),
                wire.getPriorityList(),
                wire.hasAuditLog() ? Optional.of(wire.getAuditLog()) : Optional.empty());
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
