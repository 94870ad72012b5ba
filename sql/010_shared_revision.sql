-- The newest revision of the force rules in Redis that force_rules has been a copy of: an older one in Redis is a step
-- back, and the copy is put there. At most one row, none without Redis.
CREATE TABLE shared_rules_revision (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  revision BIGINT NOT NULL
);
