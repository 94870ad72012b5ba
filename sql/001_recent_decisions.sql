-- Decisions of the recent past, by trace id. A cache of the decision ledger: it can be rebuilt from there.
-- SQLite's dialect. PostgreSQL differs in two words only: BYTEA for BLOB, and nothing for WITHOUT ROWID.
-- Times are milliseconds since the epoch.

-- Names under small numbers, so that millions of rows do not repeat them.
CREATE TABLE sources (
  source_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE policies (
  policy_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

-- Most rows are traces that were not sampled: no policy, no threshold. Such a row takes 39 bytes of the file (measured:
-- a million random ids in ten cycles; dbstat's page bytes by rows). There is no index on decided_at: forgetting scans
-- the table, 0.3 s for four million rows.
CREATE TABLE recent_decisions (
  source_id INTEGER NOT NULL,
  -- 16 bytes, big-endian
  trace_id BLOB NOT NULL,
  cycle BIGINT NOT NULL,
  -- 0 not sampled, 1 sampled, 2 dropped
  outcome SMALLINT NOT NULL,
  policy_id INTEGER,
  -- 56-bit rejection threshold, of sampled traces only
  threshold BIGINT,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (source_id, trace_id)
) WITHOUT ROWID;

-- The newest cycle whose decisions are in recent_decisions.
CREATE TABLE newest_cycles (
  source_id INTEGER PRIMARY KEY,
  cycle BIGINT NOT NULL
);
