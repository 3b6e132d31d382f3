-- What lets an owner in to an MCP server, sealed: nothing in it can be read here.
CREATE TABLE mcp_token (
    tenant TEXT NOT NULL,
    key_name TEXT NOT NULL,
    server_id TEXT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (tenant, key_name, server_id)
);
