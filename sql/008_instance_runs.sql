-- Processes that sampled tables, from start to end.
-- Times are milliseconds since the epoch.
CREATE TABLE instance_runs (
  run_id TEXT PRIMARY KEY,
  instance TEXT NOT NULL,
  host TEXT NOT NULL,
  program_version TEXT NOT NULL,
  -- in words
  sampled_tables TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  -- null while it runs, and of a process that was killed
  ended_at BIGINT,
  ending TEXT
);

CREATE INDEX instance_runs_by_start ON instance_runs (started_at);

-- The newest reports of all sources, and those too old to keep.
CREATE INDEX cycle_reports_by_finish ON cycle_reports (finished_at);
