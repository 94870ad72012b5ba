-- What each force rule did: a decision names its rule as force_rule:ID.
SELECT substr(policy, 12) AS rule_id, outcome,
  count(*) AS traces, sum(span_count) AS spans, sum(byte_count) AS bytes,
  min(decided_at) AS first_decided, max(decided_at) AS last_decided
FROM trace_decisions
WHERE policy LIKE 'force_rule:%' AND completion_reason <> 'LATE_SPANS' AND backfill_mode IS NULL
  AND decided_at >= current_timestamp - INTERVAL '7' DAY
GROUP BY policy, outcome
ORDER BY traces DESC, rule_id
