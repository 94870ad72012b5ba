-- What each service's traces cost: bytes kept (as OTLP protobuf), of how many there were. Late spans count, as they are
-- exported, too.
SELECT coalesce(root_service, '(no root seen)') AS service,
  sum(CASE WHEN outcome = 'SAMPLED' THEN byte_count ELSE 0 END) AS bytes_kept,
  sum(byte_count) AS bytes_seen,
  round(100.0 * sum(CASE WHEN outcome = 'SAMPLED' THEN byte_count ELSE 0 END) / greatest(sum(byte_count), 1), 2)
    AS kept_percent,
  sum(CASE WHEN outcome = 'SAMPLED' THEN span_count ELSE 0 END) AS spans_kept
FROM trace_decisions
WHERE backfill_mode IS NULL AND decided_at >= current_timestamp - INTERVAL '1' DAY
GROUP BY coalesce(root_service, '(no root seen)')
ORDER BY bytes_kept DESC, service
