-- Questions to people that calls wait for. They outlive their sessions and runs, for a while.
CREATE TABLE approval (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    key_name TEXT NOT NULL,
    project_id TEXT,
    session_id TEXT,
    run_id TEXT,
    call_id TEXT,
    server TEXT NOT NULL,
    tool TEXT NOT NULL,
    -- what makes a later call the same one
    arguments_hash TEXT NOT NULL,
    definition_hash TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT,
    remember TEXT,
    -- whether a call has gone on with the decision; one that nobody waited for serves one more call
    used BOOLEAN NOT NULL,
    note TEXT,
    message TEXT NOT NULL,
    -- the page of a page, the schema of a form, the parameters of a sampling
    detail TEXT,
    arguments TEXT NOT NULL,
    content TEXT,
    PRIMARY KEY (tenant, id)
);

CREATE INDEX approval_by_session ON approval (tenant, session_id, id);
CREATE INDEX approval_by_run ON approval (tenant, run_id, id);
CREATE INDEX approval_pending ON approval (tenant, id) WHERE state = 'pending';
CREATE INDEX approval_overdue ON approval (expires_at) WHERE state = 'pending';
CREATE INDEX approval_old ON approval (decided_at) WHERE decided_at IS NOT NULL;

-- Decisions that were remembered: for a session or for a project, never both.
CREATE TABLE tool_rule (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    session_id TEXT,
    project_id TEXT,
    server TEXT NOT NULL,
    tool TEXT NOT NULL,
    -- a tool that describes itself otherwise is another one
    definition_hash TEXT NOT NULL,
    allow BOOLEAN NOT NULL,
    made_by TEXT NOT NULL,
    approval_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE INDEX tool_rule_by_tool ON tool_rule (tenant, server, tool);

-- Every call of a tool, twice: before and after. Rows are added and never changed; each holds the
-- hash of the one before, so they refer to no other table and outlive what they speak of.
CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    tenant TEXT NOT NULL,
    key_name TEXT NOT NULL,
    project_id TEXT,
    session_id TEXT,
    run_id TEXT,
    call_id TEXT NOT NULL,
    server TEXT NOT NULL,
    tool TEXT NOT NULL,
    arguments_hash TEXT NOT NULL,
    -- decision or outcome
    phase TEXT NOT NULL,
    decision TEXT,
    decided_by TEXT,
    -- of an outcome: its decision's row
    decision_seq BIGINT,
    outcome TEXT,
    took_ms BIGINT,
    error TEXT,
    arguments TEXT,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE UNIQUE INDEX audit_outcome ON audit (decision_seq) WHERE decision_seq IS NOT NULL;
CREATE INDEX audit_by_tenant ON audit (tenant, seq) WHERE phase = 'decision';
CREATE INDEX audit_by_session ON audit (tenant, session_id, seq) WHERE phase = 'decision';
CREATE INDEX audit_by_run ON audit (tenant, run_id, seq) WHERE phase = 'decision';

-- Where the chain ends: a row that is cut off its end is missed.
CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);

INSERT INTO audit_head (id, seq, hash)
    VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
