package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.edge.mcp.ContextList.Found;
import dev.tandem.tool.ToolServer;

/// `completion/complete`, handed to the server whose prompt or template it is about.
record CompletionMethod(ContextReads reads, PromptMethods prompts, ResourceMethods resources) {

    ObjectNode complete(Asked asked) throws InterruptedException {
        ObjectNode ref = asked.object("ref");
        ObjectNode params = Json.object();
        ToolServer server;
        switch (ref.path("type").asText()) {
            case "ref/prompt" -> {
                String name = ref.path("name").asText();
                Found prompt =
                        prompts.find(asked.scope(), name)
                                .orElseThrow(() -> unknown("prompt", name));
                params.set("ref", ref.deepCopy().put("name", prompt.item().name()));
                server = prompt.server();
            }
            case "ref/resource" -> {
                String uri = ref.path("uri").asText();
                params.set("ref", ref);
                server =
                        resources
                                .templateOwner(asked.scope(), uri)
                                .orElseThrow(() -> unknown("resource template", uri));
            }
            default -> throw RpcError.invalidParams("ref.type must be ref/prompt or ref/resource.");
        }
        params.set("argument", asked.object("argument"));
        if (asked.params().has("context")) {
            params.set("context", asked.object("context"));
        }
        return reads.read(asked, server, "completion/complete", params);
    }

    private static RpcError unknown(String what, String name) {
        return RpcError.invalidParams("Unknown " + what + ": " + name);
    }
}
