-- What operators ask about, and what saves work after a restart.
-- Times are milliseconds since the epoch.

-- Cycles whose kept traces have all been exported, or refused for good.
CREATE TABLE confirmed_exports (
  source_id INTEGER NOT NULL,
  cycle BIGINT NOT NULL,
  confirmed_at BIGINT NOT NULL,
  PRIMARY KEY (source_id, cycle)
) WITHOUT ROWID;

CREATE TABLE cycle_reports (
  report_id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL,
  finished_at BIGINT NOT NULL
);

CREATE INDEX cycle_reports_by_time ON cycle_reports (source_id, finished_at);

-- One row for each metric that is not 0: a new metric needs no new column.
CREATE TABLE cycle_report_values (
  report_id INTEGER NOT NULL,
  metric TEXT NOT NULL,
  metric_value BIGINT NOT NULL,
  PRIMARY KEY (report_id, metric)
) WITHOUT ROWID;

-- Rows that could not be decoded: where they stand in Kafka, and why.
CREATE TABLE dead_letters (
  source_id INTEGER NOT NULL,
  kafka_partition INTEGER NOT NULL,
  kafka_offset BIGINT NOT NULL,
  kafka_timestamp BIGINT NOT NULL,
  reason TEXT NOT NULL,
  first_seen BIGINT NOT NULL,
  PRIMARY KEY (source_id, kafka_partition, kafka_offset)
) WITHOUT ROWID;

-- The text behind each policy set version that decisions name.
CREATE TABLE policy_sets (
  version TEXT PRIMARY KEY,
  policy_text TEXT NOT NULL,
  added_at BIGINT NOT NULL
);
