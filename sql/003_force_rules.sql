-- Force rules: traces to keep or to drop for a while, whatever the policies say.
-- Unlike the other tables this one is not a copy: what is lost here is lost.
-- Times are milliseconds since the epoch.

-- The document is JSON as the admin API answers it: id, description, priority, match, action, created_at, expires_at,
-- enabled. SQLite: document ->> 'priority'; PostgreSQL: document::json ->> 'priority'.
CREATE TABLE force_rules (
  rule_id TEXT PRIMARY KEY,
  document TEXT NOT NULL
);

-- Who changed which rule, and what it was like then. Kept for good: the highest change_id is the rules' revision.
CREATE TABLE force_rule_changes (
  change_id INTEGER PRIMARY KEY,
  rule_id TEXT NOT NULL,
  -- added, extended, enabled, disabled, deleted
  change_kind TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  -- the rule after the change; of a deletion, the rule that was deleted
  document TEXT NOT NULL
);

CREATE INDEX force_rule_changes_by_rule ON force_rule_changes (rule_id, change_id);
