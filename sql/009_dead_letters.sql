-- Dead letters are numbered for each source and only the newest are kept; how many there were is counted.
ALTER TABLE dead_letters RENAME TO unnumbered_dead_letters;

CREATE TABLE dead_letters (
  source_id INTEGER NOT NULL,
  kafka_partition INTEGER NOT NULL,
  kafka_offset BIGINT NOT NULL,
  kafka_timestamp BIGINT NOT NULL,
  reason TEXT NOT NULL,
  -- milliseconds since the epoch
  first_seen BIGINT NOT NULL,
  -- counts the dead letters of its source, from 1
  letter_number BIGINT NOT NULL,
  PRIMARY KEY (source_id, kafka_partition, kafka_offset)
) WITHOUT ROWID;

INSERT INTO dead_letters
SELECT source_id, kafka_partition, kafka_offset, kafka_timestamp, reason, first_seen,
  ROW_NUMBER() OVER (PARTITION BY source_id ORDER BY first_seen, kafka_partition, kafka_offset)
FROM unnumbered_dead_letters;

DROP TABLE unnumbered_dead_letters;

CREATE UNIQUE INDEX dead_letters_by_number ON dead_letters (source_id, letter_number);

CREATE INDEX dead_letters_by_time ON dead_letters (first_seen);

-- The number of the newest dead letter, which is how many there were.
CREATE TABLE dead_letter_counts (
  source_id INTEGER PRIMARY KEY,
  letters BIGINT NOT NULL
);

INSERT INTO dead_letter_counts SELECT source_id, COUNT(*) FROM dead_letters GROUP BY source_id;
