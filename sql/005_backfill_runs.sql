-- Backfill runs: what each was asked to do, and how far it came. The ledger is the truth about its decisions.
-- Times are milliseconds since the epoch.

CREATE TABLE backfill_runs (
  run_id TEXT PRIMARY KEY,
  source_id INTEGER NOT NULL,
  -- traces whose first span arrived from then on (inclusive) and before then (exclusive)
  range_from BIGINT NOT NULL,
  range_to BIGINT NOT NULL,
  -- DRY_RUN, RECORD, EXPORT
  mode TEXT NOT NULL,
  policy_set TEXT NOT NULL,
  inactivity_timeout BIGINT NOT NULL,
  max_trace_duration BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  -- null as long as it has not ended
  finished_at BIGINT
);

-- A slice is one cycle of its run, of the same number. Its counts are null as long as it is not done.
CREATE TABLE backfill_slices (
  run_id TEXT NOT NULL,
  slice_number INTEGER NOT NULL,
  slice_from BIGINT NOT NULL,
  slice_until BIGINT NOT NULL,
  traces_decided BIGINT,
  traces_sampled BIGINT,
  traces_exported_before BIGINT,
  spans_exported BIGINT,
  PRIMARY KEY (run_id, slice_number)
) WITHOUT ROWID;
