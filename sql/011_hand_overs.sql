-- What was seen of open traces whose spans are no longer in memory, in parts that are only added. The only copy.
CREATE TABLE hand_over_parts (
  source_id INTEGER NOT NULL,
  trace_id BLOB NOT NULL,
  -- until it is in the ledger the part does not count
  cycle BIGINT NOT NULL,
  -- counts what was added in one cycle, from 0
  part_number INTEGER NOT NULL,
  -- version under which it was folded
  policy_set TEXT NOT NULL,
  -- bytes of a trace summary; the first is their version
  summary BLOB NOT NULL,
  PRIMARY KEY (source_id, trace_id, cycle, part_number)
) WITHOUT ROWID;

CREATE INDEX hand_over_parts_by_cycle ON hand_over_parts (source_id, cycle);
