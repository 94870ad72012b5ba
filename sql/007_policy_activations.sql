-- Which policy set became the one to decide with, when, and who did it. The highest number is in effect. Kept for good.
-- Times are milliseconds since the epoch.
CREATE TABLE policy_activations (
  activation_number INTEGER PRIMARY KEY,
  activated_at BIGINT NOT NULL,
  activated_by TEXT NOT NULL,
  -- file, api
  origin TEXT NOT NULL,
  -- of the set, without force rules
  version TEXT NOT NULL,
  -- as it was written, YAML or JSON
  policy_text TEXT NOT NULL
);
