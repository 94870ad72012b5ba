-- What the parts of budgets took, minute by minute: a part that never takes anything is starved, one that takes
-- all starves others. Compare spans_kept with the part's limit.
SELECT date_trunc('minute', decided_at) AS minute_begin, policy AS policy_name, sub_policy AS part,
  count(*) AS traces_kept, sum(span_count) AS spans_kept, sum(byte_count) AS bytes_kept,
  round(sum(adjusted_count), 1) AS represented
FROM trace_decisions
WHERE sub_policy IS NOT NULL AND outcome = 'SAMPLED' AND completion_reason <> 'LATE_SPANS' AND backfill_mode IS NULL
  AND decided_at >= current_timestamp - INTERVAL '1' DAY
GROUP BY date_trunc('minute', decided_at), policy, sub_policy
ORDER BY minute_begin DESC, policy_name, part
