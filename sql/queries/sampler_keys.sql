-- Which keys samplers with keys saw, what rate each got, and how many traces were kept.
SELECT source_table, sampler_key, min(sample_rate) AS lowest_rate, max(sample_rate) AS highest_rate,
  count(*) AS traces, count(CASE WHEN outcome = 'SAMPLED' THEN 1 END) AS kept
FROM trace_decisions
WHERE sampler_key IS NOT NULL AND completion_reason <> 'LATE_SPANS' AND backfill_mode IS NULL
  AND decided_at >= current_timestamp - INTERVAL '1' DAY
GROUP BY source_table, sampler_key
ORDER BY traces DESC, source_table, sampler_key
LIMIT 200
