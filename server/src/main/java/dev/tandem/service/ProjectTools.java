package dev.tandem.service;

import dev.tandem.failure.Failure;
import dev.tandem.project.ProjectStore;
import dev.tandem.rpc.Call;
import dev.tandem.tool.ToolSelections;
import dev.tandem.v1.GetProjectToolsRequest;
import dev.tandem.v1.SetProjectToolsRequest;
import dev.tandem.v1.ToolSelection;

/// Serves which of this server's tools the sessions of a project offer.
public final class ProjectTools {
    private final ProjectStore projects;
    private final ToolSelections selections;

    public ProjectTools(ProjectStore projects, ToolSelections selections) {
        this.projects = projects;
        this.selections = selections;
    }

    Contract bind(Contract contract) {
        ToolSelection tools = ToolSelection.getDefaultInstance();
        return contract.unary(
                        "GetProjectTools",
                        GetProjectToolsRequest.getDefaultInstance(),
                        tools,
                        this::get)
                .unary(
                        "SetProjectTools",
                        SetProjectToolsRequest.getDefaultInstance(),
                        tools,
                        this::set);
    }

    private ToolSelection get(Call call, GetProjectToolsRequest request) {
        String id = existing(call, request.getProjectId());
        return ToolSelectionWire.wire(selections.find(call.tenant(), id)).build();
    }

    private ToolSelection set(Call call, SetProjectToolsRequest request) {
        String id = existing(call, request.getProjectId());
        dev.tandem.tool.ToolSelection chosen =
                new dev.tandem.tool.ToolSelection(
                        Fields.flag(request.hasEnabled(), request.getEnabled()),
                        request.getEnabledServersList(),
                        request.getEnabledToolsList(),
                        request.getPriorityList(),
                        Fields.flag(request.hasAuditLog(), request.getAuditLog()));
        selections.save(call.tenant(), id, chosen);
        return ToolSelectionWire.wire(chosen).build();
    }

    private String existing(Call call, String id) {
        if (projects.find(call.tenant(), id).isEmpty()) {
            throw Failure.notFound("project_id", "There is no project " + id + ".");
        }
        return id;
    }
}
