-- For the sums of usage over time.
CREATE INDEX run_by_time ON run (tenant, created_at);

-- For the lists of runs in progress and of those that did not end well: few among many that
-- completed, which these lists would have to pass one by one.
CREATE INDEX run_not_completed ON run (tenant, state, id) WHERE state <> 'completed';
