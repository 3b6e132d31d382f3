package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Who answers.
///
/// @param version of the build
record Identity(String version) {
    static final String INSTRUCTIONS =
            "The tools of all MCP servers behind this Tandem, named server__tool. A call may wait"
                    + " for somebody's approval; its progress says so.";

    ObjectNode json() {
        return Json.object().put("name", "tandem").put("title", "Tandem").put("version", version);
    }
}
