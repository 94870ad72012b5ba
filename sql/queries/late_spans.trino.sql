-- Spans that came after their trace's decision: how many, of which services, and how long after the last span before it.
-- Many of them, or long delays, call for a longer inactivity_timeout_secs.
SELECT coalesce(decided.root_service, late.root_service, '(no root seen)') AS service, late.outcome,
  count(*) AS late_groups,
  sum(late.span_count) AS late_spans,
  round(avg(CAST(date_diff('second', decided.last_arrival, late.first_arrival) AS DOUBLE)), 1) AS mean_delay_secs,
  max(date_diff('second', decided.last_arrival, late.first_arrival)) AS longest_delay_secs
FROM trace_decisions late
LEFT JOIN trace_decisions decided
  ON decided.trace_id = late.trace_id AND decided.source_table = late.source_table
  AND decided.completion_reason <> 'LATE_SPANS' AND decided.backfill_mode IS NULL
WHERE late.completion_reason = 'LATE_SPANS' AND late.backfill_mode IS NULL
  AND late.decided_at >= current_timestamp - INTERVAL '1' DAY
GROUP BY coalesce(decided.root_service, late.root_service, '(no root seen)'), late.outcome
ORDER BY late_spans DESC, service, outcome
