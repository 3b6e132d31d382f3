-- MCP servers that admins added for their tenants.
CREATE TABLE mcp_server (
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    -- how it is started or reached, with its secrets: sealed
    declaration TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, name)
);

-- Which servers of projects' files are trusted, each as it was declared then.
CREATE TABLE mcp_trust (
    tenant TEXT NOT NULL,
    project_id TEXT NOT NULL,
    server TEXT NOT NULL,
    hash TEXT NOT NULL,
    trusted_by TEXT NOT NULL,
    trusted_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, project_id, server)
);
