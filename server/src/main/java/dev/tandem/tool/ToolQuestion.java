package dev.tandem.tool;

/// What a server wants to know while it runs a call.
public sealed interface ToolQuestion {
    /// What the person who is asked reads.
    String message();

    /// Fields to fill in (MCP elicitation, mode form).
    ///
    /// @param schemaJson the JSON Schema of the answer: a flat object
    record Form(String message, String schemaJson) implements ToolQuestion {}

    /// A page to visit (MCP elicitation, mode url). What is entered there is never seen here.
    ///
    /// @param id the server's own name of the question
    record Page(String message, String url, String id) implements ToolQuestion {}

    /// A model to ask (MCP sampling).
    ///
    /// @param paramsJson MCP's `sampling/createMessage` parameters
    record Sampling(String message, String paramsJson) implements ToolQuestion {}
}
