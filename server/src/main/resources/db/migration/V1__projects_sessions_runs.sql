-- Written for SQLite and PostgreSQL alike: TEXT, BIGINT and BOOLEAN only, times in epoch
-- milliseconds, JSON as text. Long texts stand last in a row, so that reading the others does not
-- have to pass them. Every key begins with the tenant: one tenant's row cannot refer to another's.

CREATE TABLE project (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    path TEXT NOT NULL,
    -- the path in lower case: names that differ only in case are one folder on some file systems
    path_key TEXT NOT NULL,
    folder_made BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    PRIMARY KEY (tenant, id)
);

-- across tenants: they share the root of all workspaces
CREATE UNIQUE INDEX project_by_path ON project (path_key);

CREATE TABLE session (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    project_id TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    total_tokens BIGINT NOT NULL,
    total_cost_nanos BIGINT NOT NULL,
    unpriced_runs BIGINT NOT NULL,
    message_count BIGINT NOT NULL,
    model TEXT,
    title TEXT,
    system_prompt TEXT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, project_id) REFERENCES project (tenant, id)
);

CREATE INDEX session_by_project ON session (tenant, project_id, id);

CREATE TABLE message (
    tenant TEXT NOT NULL,
    session_id TEXT NOT NULL,
    id TEXT NOT NULL,
    run_id TEXT,
    role TEXT NOT NULL,
    token_count BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (tenant, session_id, id),
    FOREIGN KEY (tenant, session_id) REFERENCES session (tenant, id)
);

CREATE INDEX message_by_run ON message (tenant, run_id);

-- Runs outlive their sessions and projects, for the sums of usage, so they refer to neither.
CREATE TABLE run (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    session_id TEXT,
    project_id TEXT,
    key_name TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    kept BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- null while the run is in progress
    finished_at BIGINT,
    finish_reason TEXT,
    -- the first four do not overlap
    input_tokens BIGINT NOT NULL,
    cache_read_tokens BIGINT NOT NULL,
    cache_write_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    -- the part of cache_write_tokens that is kept for an hour
    cache_write_hour_tokens BIGINT NOT NULL,
    -- the part of output_tokens that was reasoning
    reasoning_tokens BIGINT NOT NULL,
    -- billionths of a US dollar; null where no price is known
    cost_nanos BIGINT,
    price TEXT,
    error_code TEXT,
    error_param TEXT,
    error_message TEXT,
    -- a JSON array of texts
    ignored_parameters TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE INDEX run_by_session ON run (tenant, session_id, id);

-- one run at a time in a session; runs without a session do not count
CREATE UNIQUE INDEX run_in_progress ON run (tenant, session_id) WHERE finished_at IS NULL;
