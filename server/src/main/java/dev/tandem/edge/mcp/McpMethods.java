package dev.tandem.edge.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/// What a client can ask for in every version of the protocol, by name.
final class McpMethods {
    private final Map<String, Method> methods;
    private final ToolMethods tools;

    /// Answers a request.
    interface Method {
        /// Makes the result.
        ///
        /// @throws RpcError where it cannot be answered
        /// @throws dev.tandem.failure.Failure likewise
        ObjectNode answer(Asked asked) throws InterruptedException;
    }

    McpMethods(
            ToolMethods tools,
            ResourceMethods resources,
            PromptMethods prompts,
            CompletionMethod completion) {
        this.tools = tools;
        this.methods =
                Map.of(
                        "tools/list", tools::list,
                        "tools/call", tools::call,
                        "resources/list", resources::list,
                        "resources/templates/list", resources::templates,
                        "resources/read", resources::read,
                        "prompts/list", prompts::list,
                        "prompts/get", prompts::get,
                        "completion/complete", completion::complete);
    }

    Optional<Method> find(String name) {
        return Optional.ofNullable(methods.get(name));
    }

    ToolMethods tools() {
        return tools;
    }

    /// What this server says of itself.
    static ObjectNode capabilities() {
        ObjectNode capabilities = Json.object();
        capabilities.putObject("tools");
        capabilities.putObject("resources");
        capabilities.putObject("prompts");
        capabilities.putObject("completions");
        capabilities.putObject("logging");
        return capabilities;
    }
}
