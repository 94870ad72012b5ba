-- How many traces of each service are kept, hour by hour, and how many traces the kept ones stand for.
-- "represented" is above "kept" where samplers keep a share; a service's true count is near it.
SELECT date_trunc('hour', decided_at) AS hour_begin,
  coalesce(root_service, '(no root seen)') AS service,
  count(*) AS traces,
  count(CASE WHEN outcome = 'SAMPLED' THEN 1 END) AS kept,
  round(100.0 * count(CASE WHEN outcome = 'SAMPLED' THEN 1 END) / count(*), 2) AS kept_percent,
  round(sum(adjusted_count), 1) AS represented
FROM trace_decisions
WHERE completion_reason <> 'LATE_SPANS' AND backfill_mode IS NULL
  AND decided_at >= current_timestamp - INTERVAL '1' DAY
GROUP BY date_trunc('hour', decided_at), coalesce(root_service, '(no root seen)')
ORDER BY hour_begin DESC, traces DESC, service
