-- Who changed which force rule, newest first.
SELECT to_timestamp(changed_at / 1000.0) AS changed, changed_by, change_kind, rule_id,
  document::json ->> 'description' AS description, document::json ->> 'action' AS rule_action,
  document::json ->> 'expires_at' AS expires
FROM force_rule_changes
ORDER BY change_id DESC
LIMIT 100;
