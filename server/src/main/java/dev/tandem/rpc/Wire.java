package dev.tandem.rpc;

/// How a call came in.
public enum Wire {
    GRPC("grpc"),
    REST("rest"),
    OPENAI("openai"),
    WEBSOCKET("websocket"),
    MCP("mcp");

    private final String word;

    Wire(String word) {
        this.word = word;
    }

    /// The word in logs and metrics.
    public String word() {
        return word;
    }
}
