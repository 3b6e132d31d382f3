-- How often a server has started on this database.
CREATE TABLE server_life (
    epoch BIGINT NOT NULL PRIMARY KEY
);

INSERT INTO server_life (epoch) VALUES (0);

-- The server's life in which a run began, and where its last event stands: in another life, where
-- the server was killed in between. The number is null for runs that are not kept.
ALTER TABLE run ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN last_epoch BIGINT;
ALTER TABLE run ADD COLUMN last_number BIGINT;

-- what else the end of a completed run says
ALTER TABLE run ADD COLUMN stop_sequence TEXT;
ALTER TABLE run ADD COLUMN refusal TEXT;
ALTER TABLE run ADD COLUMN message_id TEXT;

-- What makes repeating a request safe, for as long as its run can be followed again.
ALTER TABLE run ADD COLUMN idempotency_key TEXT;
ALTER TABLE run ADD COLUMN request_hash TEXT;

CREATE UNIQUE INDEX run_by_key ON run (tenant, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- A run that waits for its turn is not at work.
DROP INDEX run_in_progress;
CREATE UNIQUE INDEX run_in_progress ON run (tenant, session_id)
    WHERE finished_at IS NULL AND state <> 'queued';

CREATE INDEX run_unfinished ON run (finished_at) WHERE finished_at IS NULL;

-- runs that can be followed again
CREATE INDEX run_replayable ON run (finished_at) WHERE last_number IS NOT NULL;

-- What kept runs said, some events in a row, without their ends. They are forgotten in time.
CREATE TABLE run_event (
    tenant TEXT NOT NULL,
    run_id TEXT NOT NULL,
    first_number BIGINT NOT NULL,
    last_number BIGINT NOT NULL,
    -- a JSON array
    events TEXT NOT NULL,
    PRIMARY KEY (tenant, run_id, first_number)
);
