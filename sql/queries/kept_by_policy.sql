-- Which policies decide, hour by hour: what each keeps and drops, and how many traces its kept ones stand for.
SELECT date_trunc('hour', decided_at) AS hour_begin,
  coalesce(policy, '(none matched)') AS policy_name,
  count(CASE WHEN outcome = 'SAMPLED' THEN 1 END) AS kept,
  count(CASE WHEN outcome = 'NOT_SAMPLED' THEN 1 END) AS not_kept,
  count(CASE WHEN outcome = 'DROPPED' THEN 1 END) AS dropped,
  round(sum(adjusted_count), 1) AS represented,
  sum(CASE WHEN outcome = 'SAMPLED' THEN span_count ELSE 0 END) AS spans_kept
FROM trace_decisions
WHERE completion_reason <> 'LATE_SPANS' AND backfill_mode IS NULL
  AND decided_at >= current_timestamp - INTERVAL '1' DAY
GROUP BY date_trunc('hour', decided_at), coalesce(policy, '(none matched)')
ORDER BY hour_begin DESC, kept DESC, policy_name
