-- What a backfill run decided on the same traces as the scanner: what a change of policies would have meant.
SELECT replayed.run_id, replayed.backfill_mode, coalesce(live.outcome, '(not decided)') AS live_outcome,
  replayed.outcome AS backfill_outcome,
  count(*) AS traces, sum(replayed.span_count) AS spans, sum(replayed.byte_count) AS bytes
FROM trace_decisions replayed
LEFT JOIN trace_decisions live
  ON live.trace_id = replayed.trace_id AND live.source_table = replayed.source_table
  AND live.backfill_mode IS NULL AND live.completion_reason <> 'LATE_SPANS'
WHERE replayed.backfill_mode IS NOT NULL AND replayed.completion_reason <> 'LATE_SPANS'
GROUP BY replayed.run_id, replayed.backfill_mode, coalesce(live.outcome, '(not decided)'), replayed.outcome
ORDER BY replayed.run_id, live_outcome, backfill_outcome
