-- Data files that are damaged: what they held was left out, until somebody repairs them and fills the gap.
CREATE TABLE unreadable_files (
  source_id INTEGER NOT NULL,
  location TEXT NOT NULL,
  reason TEXT NOT NULL,
  first_seen BIGINT NOT NULL,
  PRIMARY KEY (source_id, location)
) WITHOUT ROWID;
