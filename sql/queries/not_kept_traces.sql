-- The longest traces that were not kept, each with the reason. `tss explain TRACE_ID` says more.
SELECT source_table, trace_id, coalesce(root_service, '(no root seen)') AS service, root_name, outcome, policy,
  reason,
  round(duration_ms, 1) AS duration_ms, span_count, decided_at
FROM trace_decisions
WHERE outcome <> 'SAMPLED' AND completion_reason <> 'LATE_SPANS' AND backfill_mode IS NULL
  AND decided_at >= current_timestamp - INTERVAL '1' DAY
ORDER BY duration_ms DESC, trace_id, source_table
LIMIT 50
