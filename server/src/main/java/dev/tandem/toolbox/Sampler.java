package dev.tandem.toolbox;

import dev.tandem.failure.Failure;
import dev.tandem.tool.ToolScope;

/// Asks a model for a server of tools, once somebody has allowed it.
public interface Sampler {
    /// Answers MCP's `sampling/createMessage`.
    ///
    /// @param scope for whom the call is made that the server asks in
    /// @param paramsJson MCP's `CreateMessageRequest` parameters
    /// @return MCP's `CreateMessageResult` as JSON text
    /// @throws Failure where no model can be asked, or it does not answer
    String sample(ToolScope scope, String paramsJson) throws InterruptedException;
}
