-- Who changed which force rule, newest first.
SELECT datetime(changed_at / 1000, 'unixepoch') AS changed, changed_by, change_kind, rule_id,
  document ->> 'description' AS description, document ->> 'action' AS rule_action,
  document ->> 'expires_at' AS expires
FROM force_rule_changes
ORDER BY change_id DESC
LIMIT 100;
